package io.github.camelingest.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.camelingest.app.Application;
import io.github.camelingest.app.Settings;
import io.github.camelingest.ledger.Reconciliation;
import io.github.camelingest.load.Work;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares the buckets with the ledger now. */
@Command(
    name = "reconcile",
    description = {
      "Lists what the buckets have and enters what the database does not know as to be loaded, for a running instance "
          + "to load. An instance does the same at its start and every ingest.reconcile-interval.",
    },
    footer = {
      "",
      "Examples:",
      "  camel-ingest reconcile",
      "  camel-ingest reconcile visits",
      "  camel-ingest reconcile --json"
    },
    mixinStandardHelpOptions = true)
final class ReconcileCommand implements Callable<Integer> {

  @Parameters(paramLabel = "DATASET", arity = "0..1", description = "Only this dataset.")
  private Optional<String> dataset;

  @Option(
      names = "--json",
      description =
          "Print JSON, one array with an object per place: 'dataset', 'bucket', 'prefix', 'objects', 'requests', 'seconds', 'found', 'pruned'.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    try (Stoppable running =
        new Stoppable(
            Application.start(Settings.load(), Work.nothing()),
            CommandLineInterface.NOT_ALL_LOADED,
            () -> {})) {
      Application application = running.application();
      Collection<String> datasets =
          dataset.<Collection<String>>map(List::of).orElseGet(application::datasets);
      datasets.forEach(application::check);
      datasets.forEach(application::reconcile);
      List<Reconciliation> comparisons =
          application.backlog().comparisons().stream()
              .filter(comparison -> datasets.contains(comparison.dataset()))
              .toList();
      if (json) {
        spec.commandLine().getOut().println(asJson(comparisons));
      } else {
        comparisons.forEach(this::print);
      }
      return 0;
    }
  }

  private static ArrayNode asJson(List<Reconciliation> comparisons) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (Reconciliation comparison : comparisons) {
      all.addObject()
          .put("dataset", comparison.dataset())
          .put("bucket", comparison.bucket())
          .put("prefix", comparison.prefix())
          .put("objects", comparison.objects())
          .put("requests", comparison.requests())
          .put("seconds", seconds(comparison))
          .put("found", comparison.found())
          .put("pruned", comparison.pruned());
    }
    return all;
  }

  private static double seconds(Reconciliation comparison) {
    return Duration.between(comparison.began(), comparison.ended()).toMillis() / 1e3;
  }

  private void print(Reconciliation comparison) {
    spec.commandLine()
        .getOut()
        .printf(
            "%s: s3://%s/%s has %,d objects (%,d requests, %.1f s): %,d to load; %,d removed from the ledger%n",
            comparison.dataset(),
            comparison.bucket(),
            comparison.prefix(),
            comparison.objects(),
            comparison.requests(),
            seconds(comparison),
            comparison.found(),
            comparison.pruned());
  }
}
