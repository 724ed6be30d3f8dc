package io.github.camelingest.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelingest.app.Application;
import io.github.camelingest.app.Question;
import io.github.camelingest.app.Settings;
import io.github.camelingest.app.SetupException;
import io.github.camelingest.ledger.Replays;
import io.github.camelingest.load.Work;
import java.io.PrintWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;
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
      "  camel-ingest replay --continue",
      "  camel-ingest replay --since 2026-11-24 --json | jq .failed"
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
      description = "Go on with what interrupted or failed replays have left.")
  private boolean goOn;

  @Option(
      names = "--json",
      description =
          "Print the result as a JSON object: 'loaded', 'rows', 'rejected', 'seconds', 'ended', 'failed', 'waiting';"
              + " with --dry-run 'objects', 'lines', 'bytes', 'locations', the first of them.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    prefix = prefix.filter(p -> !p.isEmpty());
    boolean selected = rejected || object.isPresent() || prefix.isPresent() || since.isPresent();
    if (selected == goOn || goOn && dryRun) {
      throw new SetupException(
          "replay wants to know which objects: --rejected, --object, --prefix or --since; or else --continue alone");
    }
    Replays.Selection selection =
        new Replays.Selection(
            rejected, object.map(VisibleText::meanings).orElse(null), prefix, since);
    Settings settings = Settings.load();
    if (dryRun) {
      preview(
          Question.ask(
              settings,
              (database, outages) ->
                  new Replays(database, outages, null).preview(selection, SHOWN)));
      return 0;
    }
    // As exact as PostgreSQL has it.
    Instant command = Instant.now().truncatedTo(ChronoUnit.MICROS);
    try (Stoppable running =
        new Stoppable(
            Application.start(settings, Work.replaying(command)),
            CommandLineInterface.NOT_ALL_LOADED,
            () -> print("interrupted; camel-ingest replay --continue goes on"))) {
      Application application = running.application();
      if (goOn) {
        application.replays().takeOver(command);
      } else if (application.replays().enter(selection, command) == 0 && object.isPresent()) {
        throw new SetupException(
            "no loaded or failed object of a dataset matches; camel-ingest status shows what there is");
      }
      return replay(application, command);
    }
  }

  private int replay(Application application, Instant command) throws InterruptedException {
    Replays replays = application.replays();
    long start = System.nanoTime();
    Replays.Outcome outcome = replays.outcome(command);
    if (outcome.objects() == 0 && !json) {
      print("nothing to load again");
      return 0;
    }
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    try {
      clock.scheduleWithFixedDelay(
          new Progress(replays, command), PROGRESS_SECONDS, PROGRESS_SECONDS, TimeUnit.SECONDS);
      boolean moving = true;
      while (outcome.waiting() > 0 && moving) {
        long before = outcome.waiting();
        for (String dataset : application.datasets()) {
          application.drain(dataset);
        }
        outcome = replays.outcome(command);
        if (outcome.waiting() == before) {
          // Else S3 is away, or another instance has the object.
          moving = application.loads().tally().getFailures() == 0;
          TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
        }
      }
    } finally {
      clock.shutdownNow();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    print(json ? asJson(outcome, seconds).toString() : asText(outcome, seconds));
    return outcome.failed() + outcome.waiting() > 0 ? CommandLineInterface.NOT_ALL_LOADED : 0;
  }

  private static String asText(Replays.Outcome outcome, double seconds) {
    return "%,d objects loaded again with %,d rows and %,d rejected lines in %.1f s%s%s%s"
        .formatted(
            outcome.loaded(),
            outcome.rows(),
            outcome.rejected(),
            seconds,
            ifAny(outcome.ended(), "; %,d are gone or overwritten by now"),
            ifAny(outcome.failed(), "; %,d failed, see the log; what they had stays"),
            ifAny(outcome.waiting(), "; %,d failed and wait for camel-ingest replay --continue"));
  }

  private static ObjectNode asJson(Replays.Outcome outcome, double seconds) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("loaded", outcome.loaded())
        .put("rows", outcome.rows())
        .put("rejected", outcome.rejected())
        .put("seconds", Math.round(seconds * 1e3) / 1e3)
        .put("ended", outcome.ended())
        .put("failed", outcome.failed())
        .put("waiting", outcome.waiting());
  }

  private static String ifAny(long number, String told) {
    return number == 0 ? "" : told.formatted(number);
  }

  /** Says now and then how far it is. */
  private final class Progress implements Runnable {
    private final Replays replays;
    private final Instant command;
    private long told;

    Progress(Replays replays, Instant command) {
      this.replays = replays;
      this.command = command;
    }

    @Override
    public void run() {
      Replays.Outcome outcome = replays.outcome(command);
      long done = outcome.objects() - outcome.waiting();
      if (done > told) {
        told = done;
        // Not to standard output, which is the result's.
        PrintWriter err = spec.commandLine().getErr();
        err.println("%,d of %,d objects".formatted(done, outcome.objects()));
        err.flush();
      }
    }
  }

  private void preview(Replays.Preview preview) {
    if (json) {
      ObjectNode all =
          JsonNodeFactory.instance
              .objectNode()
              .put("objects", preview.objects())
              .put("lines", preview.lines())
              .put("bytes", preview.bytes());
      preview.locations().forEach(all.putArray("locations")::add);
      print(all.toString());
      return;
    }
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
