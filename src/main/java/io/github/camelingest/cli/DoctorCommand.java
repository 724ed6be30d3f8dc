package io.github.camelingest.cli;

import io.github.camelingest.app.Application;
import io.github.camelingest.app.Settings;
import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.ledger.Reconciliation;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what looking for objects costs, and what stands in its way. */
@Command(
    name = "doctor",
    description = {
      "Says what it costs to look for objects with these settings at the size that the buckets had when they were last "
          + "compared with the database, and which of them cannot be listed. Each line is ok, a warning or a fault.",
    },
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

  /** A day's dollars from which a queue is worth its set-up. */
  private static final double DEAR = 0.25;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Settings settings = Settings.load();
    List<Reconciliation> places =
        Application.ask(
            settings, (database, outages) -> new Backlog(database, outages).comparisons());
    places.forEach(this::tell);
    if (places.isEmpty()) {
      say("warning", "no bucket was compared with the database yet; run camel-ingest reconcile");
    } else {
      // A place of no objects takes a request, too.
      tellCost(settings, places.stream().mapToLong(p -> Math.max(1, p.requests())).sum());
    }
    spec.commandLine().getOut().flush();
    return places.stream().anyMatch(p -> p.error() != null) ? CommandLineInterface.FAULT : 0;
  }

  private void tell(Reconciliation place) {
    String where = "%s: s3://%s/%s".formatted(place.dataset(), place.bucket(), place.prefix());
    if (place.error() == null) {
      say(
          "ok",
          "%s has %,d objects, listed with %,d requests at %s"
              .formatted(
                  where,
                  place.objects(),
                  place.requests(),
                  place.ended().truncatedTo(ChronoUnit.SECONDS)));
    } else {
      say(
          "fault",
          "%s was not listed at %s: %s; check that the credentials may list it"
              .formatted(
                  where,
                  place.ended().truncatedTo(ChronoUnit.SECONDS),
                  VisibleText.of(place.error())));
    }
  }

  private void tellCost(Settings settings, long requests) {
    if (!settings.queue().isEmpty()) {
      Duration pause = settings.reconcileInterval();
      say(
          "ok",
          "a comparison every %s (ingest.reconcile-interval): %s"
              .formatted(words(pause), ListingCost.every(pause, requests)));
      return;
    }
    Duration busy = settings.pollInterval();
    Duration idle = settings.longestPollInterval();
    ListingCost most = ListingCost.every(busy, requests);
    say(
        most.dollarsADay() < DEAR ? "ok" : "warning",
        "a comparison every %s (ingest.poll-interval) while objects come: %s; every %s while none do: %s%s"
            .formatted(
                words(busy),
                most,
                words(idle),
                ListingCost.every(idle, requests),
                most.dollarsADay() < DEAR
                    ? ""
                    : "; with a queue (ingest.queue) it would be "
                        + ListingCost.every(settings.reconcileInterval(), requests)));
  }

  /** As settings are written: 10s, 5m, 1h. */
  private static String words(Duration duration) {
    return duration.toString().substring("PT".length()).toLowerCase(java.util.Locale.ROOT);
  }

  private void say(String verdict, String what) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%-8s %s%n", verdict, what);
  }
}
