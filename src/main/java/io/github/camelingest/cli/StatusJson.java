package io.github.camelingest.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelingest.ledger.DatasetStatus;
import io.github.camelingest.ledger.Reconciliation;
import io.github.camelingest.ledger.StrayMessage;
import io.github.camelingest.ledger.StrayMessages;

/** A status for scripts. */
final class StatusJson {

  private StatusJson() {}

  static String of(Status status) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    ArrayNode datasets = all.putArray("datasets");
    status.datasets().forEach(dataset -> put(datasets.addObject(), dataset));
    ArrayNode comparisons = all.putArray("comparisons");
    status.comparisons().forEach(comparison -> put(comparisons.addObject(), comparison));
    ArrayNode afterLoad = all.putArray("after_load");
    status
        .afterLoad()
        .forEach(
            w ->
                afterLoad
                    .addObject()
                    .put("dataset", w.dataset())
                    .put("waiting", w.actions())
                    .put("error", w.error()));
    put(all.putObject("foreign"), "buckets", "bucket", "events", status.foreign());
    put(all.putObject("unreadable"), "messages", "message", "received", status.unreadable());
    return all.toString();
  }

  private static void put(ObjectNode node, DatasetStatus d) {
    node.put("dataset", d.dataset())
        .put("waiting", d.waiting())
        .put("loading", d.loading())
        .put("loaded", d.loaded())
        .put("failed", d.failed())
        .put("ended", d.ended())
        .put("rows", d.rows())
        .put("rejected", d.rejected())
        .put("last_loaded", d.lastLoaded() == null ? null : d.lastLoaded().toString());
  }

  private static void put(ObjectNode node, Reconciliation c) {
    node.put("dataset", c.dataset())
        .put("bucket", c.bucket())
        .put("prefix", c.prefix())
        .put("ended_at", c.ended().toString())
        .put("requests", c.requests())
        .put("objects", c.objects())
        .put("found", c.found())
        .put("pruned", c.pruned())
        .put("error", c.error());
  }

  private static void put(
      ObjectNode node, String entries, String what, String times, StrayMessages.Summary strays) {
    node.put(entries, strays.entries()).put(times, strays.times());
    ArrayNode latest = node.putArray("latest");
    for (StrayMessage stray : strays.latest()) {
      latest
          .addObject()
          .put(what, stray.what())
          .put(times, stray.times())
          .put("first", stray.first().toString())
          .put("last", stray.last().toString())
          .put("example", stray.example());
    }
  }
}
