package io.github.camelingest.cli;

import io.github.camelingest.app.Settings;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** How far a load is, as a bar of bytes on a terminal. */
final class ProgressOnTerminal implements LoadProgress.Display {

  /** Carriage return, and erase to the end of the line (ECMA-48). */
  private static final String WIPE = "\r\u001b[K";

  private final ProgressLine line;
  private final ProgressBar bar;

  /**
   * @param width columns of the terminal
   */
  ProgressOnTerminal(String dataset, int width) {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
    line = new ProgressLine(dataset);
    bar =
        new ProgressBarBuilder()
            .setUpdateIntervalMillis((int) pause().toMillis())
            .setRenderer(line)
            .continuousUpdate()
            .setConsumer(new ConsoleProgressBarConsumer(out, width - 1))
            .build();
  }

  /**
   * Lets lines of the log wipe out the bar, and leaves out those that say what it says. Only before
   * the first line of the log.
   */
  static void makeRoom(Settings settings) {
    System.setProperty("ingest.log.wipe", WIPE);
    if (System.getProperty("ingest.log.level") == null && settings.logLevel().equals("info")) {
      System.setProperty("ingest.log.level", "warn");
    }
  }

  @Override
  public Duration pause() {
    return Duration.ofMillis(500);
  }

  @Override
  public void show(LoadProgress.State state) {
    line.set(state);
  }

  @Override
  public void end(LoadProgress.State state) {
    show(state);
    bar.close();
  }
}
