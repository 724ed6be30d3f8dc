package io.github.camelingest.batch;

import com.fasterxml.jackson.databind.ObjectReader;
import io.github.camelingest.fieldservice.Visit;
import io.github.camelingest.load.JsonLines;
import io.github.camelingest.load.SampleLines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From a visit to the columns that PostgreSQL reads; time and allocation of one row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class WritingColumns {

  private final List<Visit> visits = new ArrayList<>();

  @Setup
  public void prepare() throws IOException {
    ObjectReader json = JsonLines.mapper().readerFor(Visit.class);
    for (byte[] line : SampleLines.all()) {
      visits.add(json.readValue(line));
    }
  }

  /**
   * @return bytes of all rows
   */
  @Benchmark
  @OperationsPerInvocation(SampleLines.COUNT)
  public int rows() {
    CopyBuffer buffer = new CopyBuffer(64 * 1024);
    RowType type = RowType.of(Visit.class);
    for (Visit visit : visits) {
      type.write(visit, 1, 1, buffer);
      buffer.endRow();
    }
    return buffer.bytes();
  }
}
