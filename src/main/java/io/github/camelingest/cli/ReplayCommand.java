package io.github.camelingest.cli;

import io.github.camelingest.app.Application;
import io.github.camelingest.app.Settings;
import io.github.camelingest.app.SetupException;
import io.github.camelingest.ledger.Replays;
import io.github.camelingest.load.Tally;
import java.io.PrintWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Loads objects again. */
@Command(
    name = "replay",
    description = {
      "Loads objects again that are loaded or failed, after a fix in a route, in SQL or in what a constraint allows.",
      "",
      "Their new rows and rejected lines take the place of the old ones when an object is complete: readers see the "
          + "old rows or the new ones, and a replay that fails changes nothing. Of several options, all must hold.",
      "Data that were fixed need no replay: upload the object again.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  camel-ingest replay --rejected --dry-run",
      "  camel-ingest replay --prefix visits/2026-11-",
      "  camel-ingest replay --since 2026-11-24T08:00",
      "  camel-ingest replay --continue"
    },
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {

  private static final long PAUSE_SECONDS = 1;
  private static final long PROGRESS_SECONDS = 2;
  private static final int SHOWN = 20;

  @Option(names = "--rejected", description = "Objects with rejected lines.")
  private boolean rejected;

  @Option(
      names = "--object",
      paramLabel = "KEY",
      description = "This object: its key, such as visits/2026-11-24.jsonl, or its location.")
  private Optional<String> object;

  @Option(names = "--prefix", paramLabel = "P", description = "Objects whose keys begin so.")
  private Optional<String> prefix;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = Time.class,
      description =
          "Objects loaded since then: 2026-11-24, 2026-11-24T08:00 or 2026-11-24T08:00Z; without a zone, this machine's.")
  private Optional<Instant> since;

  @Option(
      names = "--dry-run",
      description = "Only say which objects they are. An object that waits already is named, too.")
  private boolean dryRun;

  @Option(
      names = "--continue",
      description = "Go on with what an interrupted replay has left; a running instance does, too.")
  private boolean goOn;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    boolean selected = rejected || object.isPresent() || prefix.isPresent() || since.isPresent();
    if (selected == goOn || goOn && dryRun) {
      throw new SetupException(
          "replay wants to know which objects: --rejected, --object, --prefix or --since; or else --continue alone");
    }
    Replays.Selection selection = new Replays.Selection(
            rejected, object.map(VisibleText::meanings).orElse(null), prefix, since);
    if (dryRun) {
      preview(
          Application.ask(
              Settings.load(),
              (database, outages) -> new Replays(database, outages).preview(selection, SHOWN)));
      return 0;
    }
    String farewell =
        "interrupted; camel-ingest replay --continue goes on, and so does a running instance";
    try (Stoppable running =
        new Stoppable(
            Application.start(Settings.load(), false),
            CommandLineInterface.NOT_ALL_LOADED,
            () -> print(farewell))) {
      Application application = running.application();
      if (goOn) {
        application.datasets().forEach(application::retryNow);
      } else {
        application.replays().enter(selection);
      }
      return replay(application);
    }
  }

  private int replay(Application application) throws InterruptedException {
    OptionalLong first = application.replays().first();
    if (first.isEmpty()) {
      print("nothing to load again");
      return 0;
    }
    Tally tally = application.loads().tally();
    long start = System.nanoTime();
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    try {
      clock.scheduleWithFixedDelay(
          new Progress(application.replays(), first.getAsLong()),
          PROGRESS_SECONDS,
          PROGRESS_SECONDS,
          TimeUnit.SECONDS);
      long ended;
      do {
        ended = ended(tally);
        application.replay();
        if (ended(tally) == ended && tally.getFailed() == 0) {
          // S3 is away, or another instance loads the rest.
          TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
        }
      } while (application.replays().first().isPresent()
          && (ended(tally) > ended || tally.getFailed() == 0));
    } finally {
      clock.shutdownNow();
    }
    Replays.Outcome outcome = application.replays().outcome(first.getAsLong());
    print(
        "%,d objects loaded again with %,d rows and %,d rejected lines in %.1f s%s%s%s"
            .formatted(
                outcome.loaded(),
                outcome.rows(),
                outcome.rejected(),
                (System.nanoTime() - start) / 1e9,
                ifAny(outcome.ended(), "; %,d are gone or overwritten by now"),
                ifAny(outcome.failed(), "; %,d failed, see the log; what they had stays"),
                ifAny(outcome.waiting(), "; %,d wait for their next attempt, see the log")));
    return outcome.failed() + outcome.waiting() > 0 ? CommandLineInterface.NOT_ALL_LOADED : 0;
  }

  private static long ended(Tally tally) {
    return tally.getLoaded() + tally.getFailed() + tally.getPostponed();
  }

  private static String ifAny(long number, String told) {
    return number == 0 ? "" : told.formatted(number);
  }

  /** Says now and then how far it is. */
  private final class Progress implements Runnable {
    private final Replays replays;
    private final long first;
    private long told;

    Progress(Replays replays, long first) {
      this.replays = replays;
      this.first = first;
    }

    @Override
    public void run() {
      Replays.Outcome outcome = replays.outcome(first);
      long done = outcome.objects() - outcome.waiting();
      if (done > told) {
        told = done;
        print("%,d of %,d objects".formatted(done, outcome.objects()));
      }
    }
  }

  private void preview(Replays.Preview preview) {
    preview.locations().forEach(this::print);
    if (preview.objects() > preview.locations().size()) {
      print("… and %,d more".formatted(preview.objects() - preview.locations().size()));
    }
    print(
        "%,d objects with %,d lines, %,d bytes in S3, would be loaded again"
            .formatted(preview.objects(), preview.lines(), preview.bytes()));
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  /** A day or a point in time, with or without a zone. */
  static final class Time implements ITypeConverter<Instant> {

    @Override
    public Instant convert(String text) {
      try {
        return text.contains("T")
            ? withTime(text)
            : LocalDate.parse(text).atStartOfDay(ZoneId.systemDefault()).toInstant();
      } catch (DateTimeException e) {
        throw new TypeConversionException(
            "'%s' is no time like 2026-11-24, 2026-11-24T08:00 or 2026-11-24T08:00Z"
                .formatted(text));
      }
    }

    private static Instant withTime(String text) {
      TemporalAccessor time =
          DateTimeFormatter.ISO_DATE_TIME.parseBest(
              text, OffsetDateTime::from, LocalDateTime::from);
      return time instanceof OffsetDateTime exact
          ? exact.toInstant()
          : ((LocalDateTime) time).atZone(ZoneId.systemDefault()).toInstant();
    }
  }
}
