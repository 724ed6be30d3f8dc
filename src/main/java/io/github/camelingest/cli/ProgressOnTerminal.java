package io.github.camelingest.cli;

import io.github.camelingest.app.Settings;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far a load is, as a bar of bytes on a terminal. */
final class ProgressOnTerminal implements LoadProgress.Display {

  private static final int MEGABYTE = 1_000_000;

  /** Carriage return, and erase to the end of the line (ECMA-48). */
  private static final String WIPE = "\r\u001b[K";

  private final ProgressBar bar;
  private volatile Optional<Duration> left = Optional.empty();

  /**
   * @param width columns of the terminal
   */
  ProgressOnTerminal(String dataset, int width) {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
    bar =
        new ProgressBarBuilder()
            .setTaskName(dataset)
            .setUnit(" MB", MEGABYTE)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis((int) pause().toMillis())
            .setEtaFunction(progress -> left)
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
    left = state.left();
    state.all().ifPresent(all -> bar.maxHint(Math.max(all.bytes(), state.done().bytes())));
    bar.stepTo(state.done().bytes());
    bar.setExtraMessage(state.text());
  }

  @Override
  public void end(LoadProgress.State state) {
    show(state);
    bar.close();
  }
}
