package io.github.camelingest.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.github.camelingest.app.Application;
import io.github.camelingest.app.Settings;
import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.ledger.DatasetStatus;
import io.github.camelingest.ledger.Outbox;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what the ledger knows. */
@Command(
    name = "status",
    description =
        "Shows per dataset how many objects wait, load and are loaded, and their rows and rejected lines; and what ingest.after-load has still to do.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

  @Option(names = "--json", description = "Print JSON, one array with an object per dataset.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws JsonProcessingException {
    Settings settings = Settings.load();
    List<DatasetStatus> datasets =
        Application.ask(settings, (database, outages) -> new Backlog(database, outages).status());
    List<Outbox.Waiting> waiting =
        Application.ask(settings, (database, outages) -> new Outbox(database, outages).waiting());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(toJson(datasets, waiting));
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
      waiting.forEach(
          w ->
              out.printf(
                  "%s: %,d loaded objects wait for ingest.after-load%s%n",
                  w.dataset(),
                  w.actions(),
                  w.error() == null ? "" : "; last error: " + VisibleText.of(w.error())));
    }
    out.flush();
    return 0;
  }

  private static String toJson(List<DatasetStatus> datasets, List<Outbox.Waiting> afterLoad)
      throws JsonProcessingException {
    ObjectMapper mapper = new ObjectMapper();
    ArrayNode array = mapper.createArrayNode();
    Map<String, Outbox.Waiting> waiting =
        afterLoad.stream().collect(Collectors.toMap(Outbox.Waiting::dataset, w -> w));
    datasets.forEach(
        d -> {
          Outbox.Waiting w =
              waiting.getOrDefault(d.dataset(), new Outbox.Waiting(d.dataset(), 0, null));
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
              .put("last_loaded", d.lastLoaded() == null ? null : d.lastLoaded().toString())
              .put("after_load_waiting", w.actions())
              .put("after_load_error", w.error());
        });
    return mapper.writeValueAsString(array);
  }
}
