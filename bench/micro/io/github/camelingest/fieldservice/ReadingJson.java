package io.github.camelingest.fieldservice;

import com.fasterxml.jackson.databind.ObjectReader;
import io.github.camelingest.load.JsonLines;
import io.github.camelingest.load.SampleLines;
import java.io.IOException;
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
import org.openjdk.jmh.infra.Blackhole;

/** From the bytes of a line to a visit, both ways; time and allocation of one line. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ReadingJson {

  private final ObjectReader json = JsonLines.mapper().readerFor(Visit.class);
  private List<byte[]> lines;

  @Setup
  public void prepare() {
    lines = SampleLines.all();
  }

  @Benchmark
  @OperationsPerInvocation(SampleLines.COUNT)
  public void usualVisits(Blackhole hole) {
    for (byte[] line : lines) {
      hole.consume(VisitScanner.scan(line, 0, line.length));
    }
  }

  @Benchmark
  @OperationsPerInvocation(SampleLines.COUNT)
  public void visits(Blackhole hole) throws IOException {
    for (byte[] line : lines) {
      hole.consume(json.<Visit>readValue(line));
    }
  }
}
