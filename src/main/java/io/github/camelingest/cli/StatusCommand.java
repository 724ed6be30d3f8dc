package io.github.camelingest.cli;

import io.github.camelingest.app.Question;
import io.github.camelingest.app.Settings;
import io.github.camelingest.app.SetupException;
import io.github.camelingest.ledger.Status;
import io.github.camelingest.ledger.StatusQuery;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what the ledger knows. */
@Command(
    name = "status",
    description =
        "Shows what is loaded, loading and waiting, how fast (in the last 5 minutes), what failed and was rejected, when the buckets were last "
            + "compared with the ledger, and which instances run, with the states of their routes.",
    footer = {"", "Examples:", "  camel-ingest status --watch", "  camel-ingest status --json"},
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

  private static final int USUAL_WIDTH = 80;
  private static final long BETWEEN_LOOKS_SECONDS = 2;

  @Option(
      names = "--watch",
      description = "Show it every 2 seconds, until Ctrl-C; also while PostgreSQL is away.")
  private boolean watch;

  @Option(
      names = "--json",
      description =
          "Print JSON, a line each time: arrays 'datasets', 'loading', 'rejected', 'comparisons', 'after_load' and 'instances', "
              + "objects 'tried_again', 'failed', 'foreign' and 'unreadable'.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = Settings.load();
    settings.check();
    Optional<Screen> screen = json ? Optional.empty() : Screen.open();
    try {
      if (watch) {
        watch(settings, screen);
      } else {
        print(lines(ask(settings), screen));
      }
    } finally {
      screen.ifPresent(Screen::close);
    }
    return 0;
  }

  private void watch(Settings settings, Optional<Screen> screen) throws InterruptedException {
    // Else 128 + the signal, as if something were wrong.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0)));
    do {
      List<String> lines;
      try {
        lines = lines(ask(settings), screen);
      } catch (SetupException e) {
        if (json) {
          // Only what a script expects goes to standard output.
          spec.commandLine().getErr().println("camel-ingest: " + oneLine(e));
          continue;
        }
        lines = List.of("camel-ingest: " + oneLine(e));
      }
      if (screen.isPresent()) {
        screen.get().show(lines);
      } else {
        lines.forEach(System.out::println);
        if (!json) {
          System.out.println();
        }
      }
    } while (goesOn());
  }

  /** Waits for the next look; false where nobody reads any more. */
  private boolean goesOn() throws InterruptedException {
    if (System.out.checkError()) {
      return false;
    }
    TimeUnit.SECONDS.sleep(BETWEEN_LOOKS_SECONDS);
    return true;
  }

  /**
   * @throws SetupException if the database does not answer
   */
  private static Status ask(Settings settings) {
    try {
      return Question.ask(
          settings,
          (database, outages) -> new StatusQuery(database).status(StatusQuery.RATE_MINUTES));
    } catch (DataAccessException | TransactionException e) {
      throw new SetupException(
          "PostgreSQL at %s does not answer: %s"
              .formatted(
                  settings.dbUrl(), NestedExceptionUtils.getMostSpecificCause(e).getMessage()),
          e);
    }
  }

  private List<String> lines(Status status, Optional<Screen> screen) {
    return json
        ? List.of(StatusJson.of(status))
        : StatusText.of(status, screen.map(Screen::width).orElse(USUAL_WIDTH));
  }

  private void print(List<String> lines) {
    PrintWriter out = spec.commandLine().getOut();
    lines.forEach(out::println);
    out.flush();
  }

  /** PostgreSQL adds hints in lines of their own. */
  private static String oneLine(SetupException e) {
    return e.getMessage().strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
