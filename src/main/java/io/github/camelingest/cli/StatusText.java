package io.github.camelingest.cli;

import io.github.camelingest.ledger.DatasetStatus;
import io.github.camelingest.ledger.Outbox;
import io.github.camelingest.ledger.Reconciliation;
import io.github.camelingest.ledger.StrayMessage;
import io.github.camelingest.ledger.StrayMessages;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** A status for people. */
final class StatusText {

  private static final int WIDEST_EXAMPLE = 120;

  private final PrintWriter out;

  StatusText(PrintWriter out) {
    this.out = out;
  }

  void print(Status status) {
    print(status.datasets());
    status.comparisons().forEach(this::print);
    status.afterLoad().forEach(this::print);
    print(
        "events of buckets or prefixes that no dataset has", "buckets", "events", status.foreign());
    print("messages that nobody understands", "messages", "times received", status.unreadable());
  }

  private void print(List<DatasetStatus> datasets) {
    out.printf(
        "%-12s %8s %8s %8s %8s %8s %12s %9s  %s%n",
        "dataset",
        "waiting",
        "loading",
        "loaded",
        "failed",
        "ended",
        "rows",
        "rejected",
        "last loaded");
    datasets.forEach(
        d ->
            out.printf(
                "%-12s %,8d %,8d %,8d %,8d %,8d %,12d %,9d  %s%n",
                d.dataset(),
                d.waiting(),
                d.loading(),
                d.loaded(),
                d.failed(),
                d.ended(),
                d.rows(),
                d.rejected(),
                d.lastLoaded() == null ? "-" : d.lastLoaded()));
  }

  private void print(Reconciliation comparison) {
    out.printf(
        "%s: %s with s3://%s/%s at %s: %s%n",
        comparison.dataset(),
        comparison.error() == null ? "compared" : "NOT compared",
        comparison.bucket(),
        comparison.prefix(),
        comparison.ended().truncatedTo(ChronoUnit.SECONDS),
        comparison.error() == null
            ? "%,d objects, %,d of them to load".formatted(comparison.objects(), comparison.found())
            : VisibleText.of(comparison.error()));
  }

  private void print(Outbox.Waiting afterLoad) {
    out.printf(
        "%s: %,d loaded objects wait for ingest.after-load%s%n",
        afterLoad.dataset(),
        afterLoad.actions(),
        afterLoad.error() == null ? "" : "; last error: " + VisibleText.of(afterLoad.error()));
  }

  /** Nothing where there is none, which is the rule. */
  private void print(String title, String entries, String times, StrayMessages.Summary strays) {
    if (strays.entries() == 0) {
      return;
    }
    out.printf("%n%s: %,d %s, %,d %s%n", title, strays.entries(), entries, strays.times(), times);
    for (StrayMessage stray : strays.latest()) {
      out.printf(
          "  %s  %,d, last %s: %s%n",
          VisibleText.of(stray.what()),
          stray.times(),
          stray.last(),
          VisibleText.cut(stray.example(), WIDEST_EXAMPLE));
    }
    long more = strays.entries() - strays.latest().size();
    if (more > 0) {
      out.printf("  and %,d more in ingest.stray_message%n", more);
    }
  }
}
