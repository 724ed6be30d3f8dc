package io.github.camelingest.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.github.camelingest.app.Application;
import io.github.camelingest.app.Settings;
import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.ledger.DatasetStatus;
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
        "Shows per dataset how many objects wait, load and are loaded, and their rows and rejected lines.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

  @Option(names = "--json", description = "Print JSON, one array with an object per dataset.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws JsonProcessingException {
    List<DatasetStatus> datasets =
        Application.ask(
            Settings.load(), (database, outages) -> new Backlog(database, outages).status());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(toJson(datasets));
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
    }
    out.flush();
    return 0;
  }

  private static String toJson(List<DatasetStatus> datasets) throws JsonProcessingException {
    ObjectMapper mapper = new ObjectMapper();
    ArrayNode array = mapper.createArrayNode();
    datasets.forEach(
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
    return mapper.writeValueAsString(array);
  }
}
