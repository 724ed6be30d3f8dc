package io.github.camelingest.cli;

import io.github.camelingest.ledger.RejectedLine;
import java.io.PrintWriter;

/** How lines would fare, for a person: rejected ones as compilers tell of errors, then a sum. */
final class DataReportText implements DataReport {

  private final PrintWriter out;
  private String file;

  DataReportText(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begin(String name) {
    file = VisibleText.of(name);
  }

  @Override
  public void rejected(RejectedLine line) {
    out.printf("%s:%d: %s: %s%n", file, line.line(), line.reason(), VisibleText.of(line.message()));
  }

  @Override
  public void end(Counts counts, long untold, String notLoaded) {
    if (untold > 0) {
      out.printf("%s: %,d more lines are rejected; --all shows them%n", file, untold);
    }
    if (counts != null) {
      out.printf(
          "%s: %,d lines: %,d rows, %,d rejected, %,d filtered, %,d blank%n",
          file,
          counts.lines(),
          counts.rows(),
          counts.rejected(),
          counts.filtered(),
          counts.blank());
    }
    if (notLoaded != null) {
      out.printf("%s: would not be loaded: %s%n", file, VisibleText.of(notLoaded));
    }
  }

  @Override
  public void close() {
    out.flush();
  }
}
