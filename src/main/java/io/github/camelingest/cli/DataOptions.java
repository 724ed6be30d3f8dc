package io.github.camelingest.cli;

import io.github.camelingest.app.Home;
import io.github.camelingest.app.Settings;
import io.github.camelingest.app.SetupException;
import io.github.camelingest.rehearsal.Rehearsal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** What of {@link ValidateCommand} is about files with lines of a dataset. */
final class DataOptions {

  @Option(
      names = "--dataset",
      paramLabel = "DATASET",
      description =
          "Tell how each line of the files would fare as one of this dataset, such as visits, with its route as it is;"
              + " compressed or not, - is standard input. No server is asked.")
  private String dataset;

  @Option(
      names = "--all",
      description = "With --dataset: tell of every rejected line, not only of 100 a file.")
  private boolean all;

  /** Whether the files have lines of a dataset. */
  boolean areAsked() {
    return dataset != null;
  }

  /**
   * Tells how the lines of files would fare.
   *
   * @param json whether for programs: as an array with an object per file
   * @return the exit code
   * @throws SetupException if a file or a route is wrong
   */
  int validate(List<Path> files, boolean json, PrintWriter out) throws IOException {
    if (files.isEmpty()) {
      throw new SetupException(
          "which files have lines of %s? name them; - is standard input".formatted(dataset));
    }
    files.forEach(DataValidation::check);
    boolean good = true;
    try (Rehearsal routes = new Rehearsal(Settings.load(), Home.folder("routes"))) {
      routes.check(dataset);
      try (DataReport report = json ? new DataReportJson(out) : new DataReportText(out)) {
        DataValidation validation = new DataValidation(routes, dataset, all, report);
        for (Path file : files) {
          good &= validation.of(file);
        }
      }
    }
    return good ? 0 : CommandLineInterface.FAULT;
  }
}
