package io.github.camelingest.cli;

import io.github.camelingest.app.Application;
import io.github.camelingest.app.Settings;
import io.github.camelingest.app.Work;
import io.github.camelingest.ledger.Reconciliation;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares the buckets with the ledger now. */
@Command(
    name = "reconcile",
    description = {
      "Lists what the buckets have and enters what the database does not know as to be loaded, for a running instance "
          + "to load. An instance does the same at its start and every ingest.reconcile-interval.",
    },
    footer = {"", "Examples:", "  camel-ingest reconcile", "  camel-ingest reconcile visits"},
    mixinStandardHelpOptions = true)
final class ReconcileCommand implements Callable<Integer> {

  @Parameters(paramLabel = "DATASET", arity = "0..1", description = "Only this dataset.")
  private Optional<String> dataset;

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
      application.backlog().comparisons().stream()
          .filter(comparison -> datasets.contains(comparison.dataset()))
          .forEach(this::print);
      spec.commandLine().getOut().flush();
      return 0;
    }
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
            Duration.between(comparison.began(), comparison.ended()).toMillis() / 1e3,
            comparison.found(),
            comparison.pruned());
  }
}
