package io.github.camelingest.cli;

import io.github.camelingest.app.Application;
import io.github.camelingest.app.Settings;
import io.github.camelingest.app.SetupException;
import io.github.camelingest.load.Loads;
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
      description = "The kind of input: a route in the group 'dataset', such as visits.")
  private String dataset;

  @Option(
      names = "--wait",
      description =
          "Also wait for objects that another instance is loading, until all that is there is loaded.")
  private boolean wait;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    try (Stoppable running =
        new Stoppable(
            Application.start(Settings.load(), false), CommandLineInterface.NOT_ALL_LOADED)) {
      Application application = running.application();
      if (!application.datasets().contains(dataset)) {
        throw new SetupException(
            "there is no dataset '%s'; there are %s".formatted(dataset, application.datasets()));
      }
      return load(application);
    }
  }

  private int load(Application application) throws InterruptedException {
    long start = System.nanoTime();
    Loads loads = application.loads();
    application.scan(dataset);
    long busy = loads.takeBusy();
    while (wait && busy > 0 && loads.failed() == 0) {
      TimeUnit.SECONDS.sleep(RETRY_SECONDS);
      application.scan(dataset);
      busy = loads.takeBusy();
    }
    spec.commandLine()
        .getOut()
        .printf(
            "%s: %,d objects loaded with %,d rows and %,d rejected lines in %.1f s%s%s%n",
            dataset,
            loads.loaded(),
            loads.rows(),
            loads.rejected(),
            (System.nanoTime() - start) / 1e9,
            loads.failed() > 0 ? "; %,d not loaded, see the log".formatted(loads.failed()) : "",
            busy > 0 ? "; %,d are being loaded by another instance".formatted(busy) : "");
    spec.commandLine().getOut().flush();
    return loads.failed() > 0 ? CommandLineInterface.NOT_ALL_LOADED : 0;
  }
}
