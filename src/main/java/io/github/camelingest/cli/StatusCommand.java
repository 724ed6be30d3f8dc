package io.github.camelingest.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelingest.app.Application;
import io.github.camelingest.app.Settings;
import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.ledger.DatasetStatus;
import io.github.camelingest.ledger.StrayMessage;
import io.github.camelingest.ledger.StrayMessages;
import java.io.PrintWriter;
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
        "Shows per dataset how many objects wait, load and are loaded, and their rows and rejected lines; and messages of the queue that came for nothing here.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

  private static final int WIDEST_EXAMPLE = 120;

  @Option(
      names = "--json",
      description =
          "Print JSON: an array 'datasets' with an object per dataset, and the objects 'foreign' and 'unreadable'.")
  private boolean json;

  @Spec private CommandSpec spec;

  private record Status(
      List<DatasetStatus> datasets,
      StrayMessages.Summary foreign,
      StrayMessages.Summary unreadable) {}

  @Override
  public Integer call() throws JsonProcessingException {
    Status status =
        Application.ask(
            Settings.load(),
            (database, outages) -> {
              StrayMessages strays = new StrayMessages(database, outages);
              return new Status(
                  new Backlog(database, outages).status(), strays.foreign(), strays.unreadable());
            });
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(toJson(status));
    } else {
      print(out, status.datasets());
      print(
          out,
          "events of buckets or prefixes that no dataset has",
          "buckets",
          "events",
          status.foreign());
      print(
          out,
          "messages that nobody understands",
          "messages",
          "times received",
          status.unreadable());
    }
    out.flush();
    return 0;
  }

  private static void print(PrintWriter out, List<DatasetStatus> datasets) {
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

  /** Nothing where there is none, which is the rule. */
  private static void print(
      PrintWriter out, String title, String entries, String times, StrayMessages.Summary strays) {
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

  private static String toJson(Status status) throws JsonProcessingException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode all = mapper.createObjectNode();
    ArrayNode array = all.putArray("datasets");
    status
        .datasets()
        .forEach(
            d ->
                array
                    .addObject()
                    .put("dataset", d.dataset())
                    .put("waiting", d.waiting())
                    .put("loading", d.loading())
                    .put("loaded", d.loaded())
                    .put("failed", d.failed())
                    .put("ended", d.ended())
                    .put("rows", d.rows())
                    .put("rejected", d.rejected())
                    .put("last_loaded", d.lastLoaded() == null ? null : d.lastLoaded().toString()));
    put(all.putObject("foreign"), "buckets", "bucket", "events", status.foreign());
    put(all.putObject("unreadable"), "messages", "message", "received", status.unreadable());
    return mapper.writeValueAsString(all);
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
