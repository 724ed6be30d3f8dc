package io.github.camelingest.load;

import io.github.camelingest.ledger.LineRanges;
import io.github.camelingest.ledger.Position;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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

/** Cutting content into lines; time and allocation of one line. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ReadingLines {

  private static final int LONGEST = 1 << 20;

  private byte[] content;

  @Setup
  public void prepare() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] line : SampleLines.all()) {
      bytes.write(line);
      bytes.write('\n');
    }
    content = bytes.toByteArray();
  }

  @Benchmark
  @OperationsPerInvocation(SampleLines.COUNT)
  public void lines(Blackhole hole) throws IOException {
    LineReader reader =
        new LineReader(
            new ByteArrayInputStream(content),
            Position.START,
            LONGEST,
            false,
            LineRanges.parse("{}"));
    for (Line line = reader.next(); line != null; line = reader.next()) {
      hole.consume(line);
    }
  }
}
