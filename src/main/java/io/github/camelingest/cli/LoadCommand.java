package io.github.camelingest.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelingest.app.Application;
import io.github.camelingest.app.Settings;
import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.load.Tally;
import io.github.camelingest.load.Work;
import java.io.PrintWriter;
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
    description = {
      "Loads what the bucket has of a dataset now and the database has not, and ends. Says meanwhile how far it is: by a "
          + "bar on a terminal, else by a line every 5 s on standard error.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  camel-ingest load network",
      "  camel-ingest load visits --wait",
      "  camel-ingest load visits --prefix visits/2026-11-",
      "  camel-ingest load visits --json | jq .rows"
    },
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

  @Option(
      names = "--prefix",
      paramLabel = "P",
      defaultValue = "",
      description = "Only objects whose keys begin so, such as visits/2026-11-.")
  private String prefix;

  @Option(
      names = "--json",
      description =
          "Print the result as a JSON object: 'loaded', 'rows', 'rejected', 'seconds', 'not_loaded', 'others', 'after_load'.")
  private boolean json;

  @Spec private CommandSpec spec;

  /**
   * What it came to.
   *
   * @param others objects that another instance has, or will
   * @param waiting loaded objects with which something is still to be done
   */
  private record Result(Tally tally, double seconds, long notLoaded, long others, long waiting) {}

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = Settings.load();
    boolean bar = !json && Terminal.isThere();
    if (bar) {
      ProgressOnTerminal.makeRoom(settings);
    }
    try (Stoppable running =
        new Stoppable(
            Application.start(settings, Work.of(dataset, wait, prefix)),
            CommandLineInterface.NOT_ALL_LOADED,
            this::interrupted)) {
      Application application = running.application();
      application.check(dataset);
      Result result = load(application, bar);
      spec.commandLine().getOut().println(json ? asJson(result) : asText(result));
      return result.notLoaded() > 0 ? CommandLineInterface.NOT_ALL_LOADED : 0;
    }
  }

  private void interrupted() {
    PrintWriter err = spec.commandLine().getErr();
    err.println("interrupted; the same command goes on behind the last committed line");
    err.flush();
  }

  private Result load(Application application, boolean bar) throws InterruptedException {
    long start = System.nanoTime();
    Tally tally = application.loads().tally();
    Backlog backlog = application.backlog();
    Backlog.Unfinished unfinished;
    try (LoadProgress progress =
        new LoadProgress(
            application.loads(),
            bar
                ? new ProgressOnTerminal(dataset, Terminal.width())
                : new ProgressLines(dataset, spec.commandLine().getErr()))) {
      backlog.retryNow(dataset, prefix);
      if (prefix.isEmpty()) {
        application.reconcile(dataset);
      } else {
        application.reconcile(dataset, prefix);
      }
      progress.left(backlog.left(dataset, prefix));
      application.drain(dataset);
      unfinished = backlog.unfinished(dataset, prefix);
      while (wait && unfinished.again() + unfinished.others() > 0 && tally.getFailures() == 0) {
        TimeUnit.SECONDS.sleep(RETRY_SECONDS);
        application.drain(dataset);
        unfinished = backlog.unfinished(dataset, prefix);
      }
      application.actAfterLoad(dataset);
    }
    return new Result(
        tally,
        (System.nanoTime() - start) / 1e9,
        tally.getFailed() + unfinished.again(),
        unfinished.others(),
        application.outbox().waiting(dataset));
  }

  private String asText(Result result) {
    return "%s: %,d objects loaded with %,d rows and %,d rejected lines in %.1f s%s%s%s"
        .formatted(
            dataset,
            result.tally().getLoaded(),
            result.tally().getRows(),
            result.tally().getRejected(),
            result.seconds(),
            ifAny(result.notLoaded(), "; %,d not loaded, see the log"),
            ifAny(result.others(), "; %,d are left to another instance"),
            ifAny(result.waiting(), "; %,d wait for ingest.after-load, see camel-ingest status"));
  }

  private static String ifAny(long number, String told) {
    return number == 0 ? "" : told.formatted(number);
  }

  private ObjectNode asJson(Result result) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("dataset", dataset)
        .put("prefix", prefix)
        .put("loaded", result.tally().getLoaded())
        .put("rows", result.tally().getRows())
        .put("rejected", result.tally().getRejected())
        .put("seconds", Math.round(result.seconds() * 1e3) / 1e3)
        .put("not_loaded", result.notLoaded())
        .put("others", result.others())
        .put("after_load", result.waiting());
  }
}
