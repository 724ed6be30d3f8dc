package io.github.camelingest.cli;

import io.github.camelingest.ledger.DatasetStatus;
import io.github.camelingest.ledger.Instance;
import io.github.camelingest.ledger.Outbox;
import io.github.camelingest.ledger.Reconciliation;
import io.github.camelingest.ledger.RejectedGroup;
import io.github.camelingest.ledger.Status;
import io.github.camelingest.ledger.StrayMessage;
import io.github.camelingest.ledger.StrayMessages;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.camel.util.TimeUtils;

/**
 * A status for people, as lines. Sections without content are left out. Locations are never cut,
 * since they are there to be copied.
 */
final class StatusText {

  private static final int WIDEST_EXAMPLE = 120;
  private static final String TABLE = "%-10s %7s %7s %8s %6s %5s %12s %8s %7s";
  private static final List<String> COLUMNS =
      List.of(
          "dataset",
          "waiting",
          "loading",
          "loaded",
          "failed",
          "ended",
          "rows",
          "rejected",
          "rows/s");

  private final Status status;
  private final int width;
  private final List<String> lines = new ArrayList<>();

  private StatusText(Status status, int width) {
    this.status = status;
    this.width = width;
  }

  /**
   * @param width columns of the terminal
   */
  static List<String> of(Status status, int width) {
    StatusText text = new StatusText(status, width);
    text.add();
    return text.lines;
  }

  private void add() {
    counts();
    lines.add("");
    status.datasets().forEach(this::add);
    loading();
    unloaded("tried again", status.waiting());
    unloaded("failed, and not tried again unless they are replayed", status.failed());
    rejected();
    status.comparisons().forEach(this::add);
    status.afterLoad().forEach(this::add);
    add("events of buckets or prefixes that no dataset has", "buckets", "events", status.foreign());
    add("messages that nobody understands", "messages", "times received", status.unreadable());
    instances();
  }

  private void add(String format, Object... values) {
    lines.add(format.formatted(values));
  }

  private void title(String format, Object... values) {
    lines.add("");
    add(format, values);
  }

  private void counts() {
    if (TABLE.formatted(COLUMNS.toArray()).length() > width) {
      status.datasets().forEach(this::block);
      return;
    }
    add(TABLE, COLUMNS.toArray());
    status.datasets().forEach(dataset -> add(TABLE, values(dataset).toArray()));
  }

  /** Where the terminal is too narrow for a table. */
  private void block(Status.Dataset dataset) {
    List<String> values = values(dataset);
    add("%s", values.get(0));
    for (int i = 1; i < values.size(); i++) {
      add("  %-9s%14s", COLUMNS.get(i), values.get(i));
    }
  }

  private static List<String> values(Status.Dataset dataset) {
    DatasetStatus d = dataset.counts();
    return Stream.concat(
            Stream.concat(
                Stream.of(VisibleText.of(d.dataset())),
                LongStream.of(
                        d.waiting(),
                        d.loading(),
                        d.loaded(),
                        d.failed(),
                        d.ended(),
                        d.rows(),
                        d.rejected())
                    .mapToObj("%,d"::formatted)),
            Stream.of(rate(dataset.rowsPerSecond())))
        .toList();
  }

  private void add(Status.Dataset dataset) {
    String name = VisibleText.of(dataset.name());
    Status.LoadedObject last = dataset.last();
    if (last != null) {
      add(
          "%s: last loaded %s: %s (%,d rows, %,d rejected)",
          name, ago(last.at()), VisibleText.of(last.location()), last.rows(), last.rejected());
    }
    if (dataset.oldest() != null) {
      add(
          "%s: what waits or loads is %s old at most",
          name, duration(dataset.oldest(), status.at()));
    }
  }

  private void loading() {
    if (status.loading().isEmpty()) {
      return;
    }
    title("loading");
    for (Status.LoadingObject object : status.loading()) {
      add("  %s", VisibleText.of(object.location()));
      add(
          "    %s%,d rows, %,d rejected%s, began %s%s",
          object.share() < 0 ? "" : "%d %%, ".formatted((int) (100 * object.share())),
          object.rows(),
          object.rejected(),
          object.rowsPerSecond() < 0 ? "" : ", %s rows/s".formatted(rate(object.rowsPerSecond())),
          ago(object.since()),
          object.by() == null ? "" : ", by " + VisibleText.of(object.by()));
    }
    more(status.loading().size(), counted(DatasetStatus::loading));
  }

  private long counted(ToLongFunction<DatasetStatus> count) {
    return status.datasets().stream().map(Status.Dataset::counts).mapToLong(count).sum();
  }

  private void more(int shown, long all) {
    if (all > shown) {
      add("  and %,d more in ingest.files", all - shown);
    }
  }

  private void unloaded(String title, Status.Unloaded unloaded) {
    if (unloaded.objects() == 0) {
      return;
    }
    title("%s: %,d objects", title, unloaded.objects());
    for (Status.Attempted object : unloaded.some()) {
      add("  %s", VisibleText.of(object.location()));
      add(
          "    %d attempts%s: %s",
          object.attempts(),
          object.next() == null
              ? ""
              : object.next().isAfter(status.at())
                  ? ", next in " + duration(status.at(), object.next())
                  : ", next now",
          VisibleText.of(object.error()));
    }
    more(unloaded.some().size(), unloaded.objects());
  }

  private void rejected() {
    if (status.rejected().isEmpty()) {
      return;
    }
    title("rejected lines; rejects shows them");
    for (RejectedGroup group : status.rejected()) {
      add(
          "  %s %s: %,d lines of %,d objects, the last %s",
          VisibleText.of(group.dataset()),
          VisibleText.of(group.reason()),
          group.lines(),
          group.objects(),
          ago(group.last()));
    }
  }

  private void add(Reconciliation comparison) {
    if (comparison == status.comparisons().get(0)) {
      lines.add("");
    }
    add(
        "%s: %s with s3://%s/%s at %s: %s",
        comparison.dataset(),
        comparison.error() == null ? "compared" : "NOT compared",
        comparison.bucket(),
        comparison.prefix(),
        comparison.ended().truncatedTo(ChronoUnit.SECONDS),
        comparison.error() == null
            ? "%,d objects, %,d of them to load".formatted(comparison.objects(), comparison.found())
            : VisibleText.of(comparison.error()));
  }

  private void add(Outbox.Waiting afterLoad) {
    add(
        "%s: %,d loaded objects wait for ingest.after-load%s",
        afterLoad.dataset(),
        afterLoad.actions(),
        afterLoad.error() == null ? "" : "; last error: " + VisibleText.of(afterLoad.error()));
  }

  /** Nothing where there is none, which is the rule. */
  private void add(String title, String entries, String times, StrayMessages.Summary strays) {
    if (strays.entries() == 0) {
      return;
    }
    title("%s: %,d %s, %,d %s", title, strays.entries(), entries, strays.times(), times);
    for (StrayMessage stray : strays.latest()) {
      add(
          "  %s  %,d, last %s: %s",
          VisibleText.of(stray.what()),
          stray.times(),
          stray.last(),
          VisibleText.cut(stray.example(), WIDEST_EXAMPLE));
    }
    long more = strays.entries() - strays.latest().size();
    if (more > 0) {
      add("  and %,d more in ingest.stray_message", more);
    }
  }

  private void instances() {
    if (status.instances().isEmpty()) {
      title("no instance is running");
    }
    for (Instance instance : status.instances()) {
      title(
          "instance %s:%d, version %s, started %s%s",
          VisibleText.of(instance.host()),
          instance.pid(),
          VisibleText.of(instance.version()),
          ago(instance.started()),
          status.isPresent(instance)
              ? instance.address() == null ? "" : ", " + instance.address()
              : ", NOT seen for " + duration(instance.seen(), status.at()));
      routes(instance);
      edited(instance.edited());
    }
  }

  private void routes(Instance instance) {
    Map<String, List<Instance.Route>> states =
        instance.routes().stream()
            .collect(
                Collectors.groupingBy(Instance.Route::state, TreeMap::new, Collectors.toList()));
    states.forEach(
        (state, routes) ->
            add(
                "  %s: %s",
                state,
                routes.stream()
                    .map(route -> VisibleText.of(route.id()))
                    .collect(Collectors.joining(", "))));
  }

  private void edited(Instance.Edited edited) {
    if (edited.taken() != null) {
      add("  routes or SQL last changed %s", ago(edited.taken()));
    }
    if (edited.error() != null) {
      add(
          "  an edit was NOT taken %s, what ran before still runs: %s",
          ago(edited.failed()), VisibleText.of(edited.error()));
    }
  }

  private static String rate(double perSecond) {
    return perSecond > 0 && perSecond < 1 ? "<1" : "%,d".formatted(Math.round(perSecond));
  }

  private String ago(Instant at) {
    return duration(at, status.at()) + " ago";
  }

  private static String duration(Instant from, Instant to) {
    Duration passed = Duration.between(from, to);
    return TimeUtils.printDuration(passed.isNegative() ? Duration.ZERO : passed, false);
  }
}
