package io.github.camelingest.cli;

import java.io.PrintWriter;
import java.time.Duration;

/** How far a load is, in lines for a file or another program. */
final class ProgressLines implements LoadProgress.Display {

  private final String dataset;
  private final PrintWriter out;

  ProgressLines(String dataset, PrintWriter out) {
    this.dataset = dataset;
    this.out = out;
  }

  @Override
  public Duration pause() {
    return Duration.ofSeconds(5);
  }

  @Override
  public void show(LoadProgress.State state) {
    out.println(
        dataset
            + ": "
            + state.text()
            + state
                .left()
                .map(left -> ", about %,d s left".formatted(left.toSeconds()))
                .orElse(""));
    out.flush();
  }

  @Override
  public void end(LoadProgress.State state) {
    // the result says it
  }
}
