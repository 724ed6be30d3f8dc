package io.github.camelingest.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelingest.ledger.DatasetStatus;
import io.github.camelingest.ledger.Instance;
import io.github.camelingest.ledger.Reconciliation;
import io.github.camelingest.ledger.RejectedGroup;
import io.github.camelingest.ledger.Status;
import io.github.camelingest.ledger.StrayMessage;
import io.github.camelingest.ledger.StrayMessages;
import java.time.Instant;

/** A status for scripts, in ASCII, so that it does no harm to a terminal either. */
final class StatusJson {

  private static final ObjectMapper JSON =
      new ObjectMapper(JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build());

  private StatusJson() {}

  /** One line. */
  static String of(Status status) {
    ObjectNode all = JSON.createObjectNode();
    all.put("at", text(status.at()));
    ArrayNode datasets = all.putArray("datasets");
    status.datasets().forEach(dataset -> put(datasets.addObject(), dataset));
    ArrayNode loading = all.putArray("loading");
    status.loading().forEach(object -> put(loading.addObject(), object));
    put(all.putObject("tried_again"), status.waiting());
    put(all.putObject("failed"), status.failed());
    ArrayNode rejected = all.putArray("rejected");
    status.rejected().forEach(group -> put(rejected.addObject(), group));
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
    ArrayNode instances = all.putArray("instances");
    status
        .instances()
        .forEach(
            instance ->
                put(instances.addObject(), instance).put("present", status.isPresent(instance)));
    try {
      return JSON.writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void put(ObjectNode node, Status.Dataset dataset) {
    DatasetStatus d = dataset.counts();
    node.put("dataset", d.dataset())
        .put("waiting", d.waiting())
        .put("loading", d.loading())
        .put("loaded", d.loaded())
        .put("failed", d.failed())
        .put("ended", d.ended())
        .put("rows", d.rows())
        .put("rejected", d.rejected())
        .put("last_loaded", text(d.lastLoaded()))
        .put("oldest", text(dataset.oldest()))
        .put("rows_per_second", dataset.rowsPerSecond());
    Status.LoadedObject last = dataset.last();
    if (last == null) {
      node.putNull("last");
    } else {
      node.putObject("last")
          .put("object", last.location())
          .put("rows", last.rows())
          .put("rejected", last.rejected())
          .put("at", text(last.at()));
    }
  }

  private static void put(ObjectNode node, Status.LoadingObject object) {
    node.put("dataset", object.dataset())
        .put("object", object.location())
        .put("size", object.size())
        .put("bytes", known(object.bytes()))
        .put("rows", object.rows())
        .put("rejected", object.rejected())
        .put("rows_per_second", object.rowsPerSecond() < 0 ? null : object.rowsPerSecond())
        .put("since", text(object.since()))
        .put("instance", object.by());
  }

  private static Long known(long number) {
    return number < 0 ? null : Long.valueOf(number);
  }

  private static void put(ObjectNode node, Status.Unloaded unloaded) {
    node.put("objects", unloaded.objects());
    ArrayNode some = node.putArray("some");
    for (Status.Attempted object : unloaded.some()) {
      some.addObject()
          .put("dataset", object.dataset())
          .put("object", object.location())
          .put("attempts", object.attempts())
          .put("error", object.error())
          .put("next", text(object.next()));
    }
  }

  private static void put(ObjectNode node, RejectedGroup group) {
    node.put("dataset", group.dataset())
        .put("reason", group.reason())
        .put("lines", group.lines())
        .put("objects", group.objects())
        .put("last", text(group.last()));
  }

  private static void put(ObjectNode node, Reconciliation c) {
    node.put("dataset", c.dataset())
        .put("bucket", c.bucket())
        .put("prefix", c.prefix())
        .put("ended_at", text(c.ended()))
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
          .put("first", text(stray.first()))
          .put("last", text(stray.last()))
          .put("example", stray.example());
    }
  }

  private static ObjectNode put(ObjectNode node, Instance instance) {
    node.put("id", instance.id())
        .put("host", instance.host())
        .put("pid", instance.pid())
        .put("version", instance.version())
        .put("started", text(instance.started()))
        .put("seen", text(instance.seen()))
        .put("address", instance.address());
    ArrayNode routes = node.putArray("routes");
    for (Instance.Route route : instance.routes()) {
      routes
          .addObject()
          .put("id", route.id())
          .put("dataset", route.dataset())
          .put("state", route.state())
          .put("description", route.description());
    }
    node.put("reloaded", text(instance.edited().taken()))
        .put("reload_error", instance.edited().error())
        .put("reload_failed", text(instance.edited().failed()));
    return node;
  }

  private static String text(Instant at) {
    return at == null ? null : at.toString();
  }
}
