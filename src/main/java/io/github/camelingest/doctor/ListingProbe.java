package io.github.camelingest.doctor;

import io.github.camelingest.app.Question;
import io.github.camelingest.app.Settings;
import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.ledger.Reconciliation;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * What looking for objects costs with these settings, at the size that the buckets had when they
 * were last compared with the ledger.
 */
final class ListingProbe implements Probe {

  /** A day's dollars from which a queue is worth its set-up. */
  private static final double DEAR = 0.25;

  private final Settings settings;

  ListingProbe(Settings settings) {
    this.settings = settings;
  }

  @Override
  public void look(Consumer<Finding> out) {
    List<Reconciliation> places =
        Question.ask(settings, (database, outages) -> new Backlog(database, outages).comparisons());
    places.forEach(place -> out.accept(judge(place)));
    if (places.isEmpty()) {
      out.accept(
          Finding.warning(
              "listing",
              "no bucket was compared with the database yet; run camel-ingest reconcile"));
    } else {
      // A place of no objects takes a request, too.
      out.accept(cost(places.stream().mapToLong(p -> Math.max(1, p.requests())).sum()));
    }
  }

  private static Finding judge(Reconciliation place) {
    String where = "s3://%s/%s".formatted(place.bucket(), place.prefix());
    if (place.error() == null) {
      return Finding.ok(
          place.dataset(),
          "%s has %,d objects, listed with %,d requests at %s",
          where,
          place.objects(),
          place.requests(),
          place.ended().truncatedTo(ChronoUnit.SECONDS));
    }
    return Finding.fault(
        place.dataset(),
        "%s was not listed at %s: %s; check that the credentials may list it",
        where,
        place.ended().truncatedTo(ChronoUnit.SECONDS),
        place.error());
  }

  private Finding cost(long requests) {
    if (!settings.queue().isEmpty()) {
      Duration pause = settings.reconcileInterval();
      return Finding.ok(
          "listing",
          "a comparison every %s (ingest.reconcile-interval): %s",
          words(pause),
          ListingCost.every(pause, requests));
    }
    Duration busy = settings.pollInterval();
    Duration idle = settings.longestPollInterval();
    ListingCost most = ListingCost.every(busy, requests);
    String what =
        "a comparison every %s (ingest.poll-interval) while objects come: %s; every %s while none do: %s"
            .formatted(words(busy), most, words(idle), ListingCost.every(idle, requests));
    return most.dollarsADay() < DEAR
        ? Finding.ok("listing", "%s", what)
        : Finding.warning(
            "listing",
            "%s; with a queue (ingest.queue) it would be %s",
            what,
            ListingCost.every(settings.reconcileInterval(), requests));
  }

  /** As settings are written: 10s, 5m, 1h. */
  private static String words(Duration duration) {
    return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
  }
}
