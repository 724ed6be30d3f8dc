package io.github.camelingest.cli;

import io.github.camelingest.app.RouteFolder;
import io.github.camelingest.app.Settings;
import io.github.camelingest.trial.Trial;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells what is wrong with files before they are used. */
@Command(
    name = "validate",
    description = {
      "Tells how each line of a file would fare as one of a dataset, with the dataset's route as it is.",
      "Needs no S3 and no PostgreSQL, and writes nothing."
    },
    footer = {
      "",
      "Examples:",
      "  camel-ingest validate visits.jsonl.gz --dataset visits",
      "  zcat visits-*.gz | camel-ingest validate - --dataset visits --json | jq '.[0].rejected'",
      "",
      "Exit codes: 0 every line would be a row or is filtered, 1 some would be rejected, 2 a file or a route is wrong."
    },
    mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Files with lines, possibly compressed; - is standard input.")
  private List<String> files;

  @Option(
      names = "--dataset",
      paramLabel = "DATASET",
      required = true,
      description = "The files have lines of this dataset, such as visits.")
  private String dataset;

  @Option(names = "--all", description = "Tell of every rejected line, not only of 100 a file.")
  private boolean all;

  @Option(names = "--json", description = "Print JSON, an array with an object per file.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    files.forEach(DataValidation::check);
    boolean good = true;
    try (Trial trial = new Trial(Settings.load(), RouteFolder.ofApplication())) {
      trial.check(dataset);
      try (DataReport report = json ? new DataReportJson(out) : new DataReportText(out)) {
        DataValidation validation = new DataValidation(trial, dataset, all, report);
        for (String file : files) {
          good &= validation.of(file);
        }
      }
    }
    return good ? 0 : CommandLineInterface.FAULT;
  }
}
