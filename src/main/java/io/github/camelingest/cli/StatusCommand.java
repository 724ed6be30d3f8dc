package io.github.camelingest.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelingest.app.Application;
import io.github.camelingest.app.Settings;
import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.ledger.DatasetStatus;
import io.github.camelingest.ledger.Outbox;
import io.github.camelingest.ledger.Reconciliation;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what the ledger knows. */
@Command(
    name = "status",
    description =
        "Shows per dataset how many objects wait, load and are loaded, and their rows and rejected lines.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

  @Option(names = "--json", description = "Print JSON, one array with an object per dataset.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    return Application.ask(
        Settings.load(),
        (database, outages) ->
            print(new Backlog(database, outages), new Outbox(database, outages)));
  }

  private int print(Backlog backlog, Outbox outbox) {
    List<DatasetStatus> datasets = backlog.status();
    List<Reconciliation> comparisons = backlog.comparisons();
    List<Outbox.Waiting> afterLoad = outbox.waiting();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(toJson(datasets, comparisons, afterLoad));
    } else {
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
      comparisons.forEach(c -> out.println(told(c)));
      afterLoad.forEach(w -> out.println(told(w)));
    }
    out.flush();
    return 0;
  }

  private static String told(Reconciliation c) {
    String where = "s3://%s/%s".formatted(c.bucket(), c.prefix());
    return c.error() == null
        ? "%s: compared with %s at %s: %,d objects, %,d of them to load"
            .formatted(
                c.dataset(),
                where,
                c.ended().truncatedTo(ChronoUnit.SECONDS),
                c.objects(),
                c.found())
        : "%s: NOT compared with %s at %s: %s"
            .formatted(
                c.dataset(),
                where,
                c.ended().truncatedTo(ChronoUnit.SECONDS),
                VisibleText.of(c.error()));
  }

  private static String told(Outbox.Waiting w) {
    return "%s: %,d loaded objects wait for ingest.after-load%s"
        .formatted(
            w.dataset(),
            w.actions(),
            w.error() == null ? "" : "; last error: " + VisibleText.of(w.error()));
  }

  private static String toJson(
      List<DatasetStatus> datasets,
      List<Reconciliation> comparisons,
      List<Outbox.Waiting> afterLoad) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    datasets.forEach(
        d -> {
          ObjectNode dataset = array.addObject();
          dataset
              .put("dataset", d.dataset())
              .put("waiting", d.waiting())
              .put("loading", d.loading())
              .put("loaded", d.loaded())
              .put("failed", d.failed())
              .put("ended", d.ended())
              .put("rows", d.rows())
              .put("rejected", d.rejected())
              .put("last_loaded", d.lastLoaded() == null ? null : d.lastLoaded().toString());
          Outbox.Waiting waiting =
              afterLoad.stream()
                  .filter(w -> w.dataset().equals(d.dataset()))
                  .findFirst()
                  .orElse(new Outbox.Waiting(d.dataset(), 0, null));
          dataset
              .putObject("after_load")
              .put("waiting", waiting.actions())
              .put("error", waiting.error());
          ArrayNode places = dataset.putArray("comparisons");
          comparisons.stream()
              .filter(c -> c.dataset().equals(d.dataset()))
              .forEach(
                  c ->
                      places
                          .addObject()
                          .put("bucket", c.bucket())
                          .put("prefix", c.prefix())
                          .put("ended_at", c.ended().toString())
                          .put("requests", c.requests())
                          .put("objects", c.objects())
                          .put("found", c.found())
                          .put("pruned", c.pruned())
                          .put("error", c.error()));
        });
    return array.toString();
  }
}
