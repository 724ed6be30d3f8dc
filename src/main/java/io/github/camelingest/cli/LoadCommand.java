package io.github.camelingest.cli;

import io.github.camelingest.app.Application;
import io.github.camelingest.app.Settings;
import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.load.Tally;
import io.github.camelingest.load.Work;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Loads what is in the bucket now. */
@Command(
    name = "load",
    description = "Loads what the bucket has of a dataset now and the database has not, and ends.",
    footer = {"", "Examples:", "  camel-ingest load network", "  camel-ingest load visits --wait"},
    mixinStandardHelpOptions = true)
final class LoadCommand implements Callable<Integer> {

  private static final long RETRY_SECONDS = 1;

  @Parameters(
      paramLabel = "DATASET",
      description = "The kind of input: such as visits; each has a route from objects:DATASET.")
  private String dataset;

  @Option(
      names = "--wait",
      description =
          "Also wait for objects that another instance is loading and for S3, until all that is there is loaded.")
  private boolean wait;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    try (Stoppable running =
        new Stoppable(
            Application.start(Settings.load(), Work.of(dataset, wait)),
            CommandLineInterface.NOT_ALL_LOADED,
            () -> {})) {
      Application application = running.application();
      application.check(dataset);
      return load(application);
    }
  }

  private int load(Application application) throws InterruptedException {
    long start = System.nanoTime();
    Tally tally = application.loads().tally();
    application.backlog().retryNow(dataset);
    application.reconcile(dataset);
    application.drain(dataset);
    Backlog.Unfinished unfinished = application.backlog().unfinished(dataset);
    while (wait && unfinished.again() + unfinished.others() > 0 && tally.getFailures() == 0) {
      TimeUnit.SECONDS.sleep(RETRY_SECONDS);
      application.drain(dataset);
      unfinished = application.backlog().unfinished(dataset);
    }
    application.actAfterLoad(dataset);
    long waiting = application.outbox().waiting(dataset);
    long notLoaded = tally.getFailed() + unfinished.again();
    long elsewhere = unfinished.others();
    spec.commandLine()
        .getOut()
        .printf(
            "%s: %,d objects loaded with %,d rows and %,d rejected lines in %.1f s%s%s%s%n",
            dataset,
            tally.getLoaded(),
            tally.getRows(),
            tally.getRejected(),
            (System.nanoTime() - start) / 1e9,
            notLoaded > 0 ? "; %,d not loaded, see the log".formatted(notLoaded) : "",
            elsewhere > 0 ? "; %,d are left to another instance".formatted(elsewhere) : "",
            waiting > 0
                ? "; %,d wait for ingest.after-load, see camel-ingest status".formatted(waiting)
                : "");
    spec.commandLine().getOut().flush();
    return notLoaded > 0 ? CommandLineInterface.NOT_ALL_LOADED : 0;
  }
}
