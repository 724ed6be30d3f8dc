package io.github.camelingest.cli;

import io.github.camelingest.app.Application;
import io.github.camelingest.app.Settings;
import io.github.camelingest.load.Work;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Keeps ingesting until it is told to stop. */
@Command(
    name = "run",
    description = "Takes new objects as they come, until SIGTERM (the default command).",
    footer = {
      "",
      "Examples:",
      "  camel-ingest run",
      "  INGEST_QUEUE=my-queue camel-ingest run --verbose"
    },
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

  @Override
  public Integer call() throws InterruptedException {
    try (Stoppable running =
        new Stoppable(Application.start(Settings.load(), Work.everything()), 0, () -> {})) {
      running.awaitSignal();
    }
    return 0;
  }
}
