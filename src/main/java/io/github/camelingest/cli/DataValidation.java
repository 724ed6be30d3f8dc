package io.github.camelingest.cli;

import io.github.camelingest.app.SetupException;
import io.github.camelingest.ledger.RejectedLine;
import io.github.camelingest.load.RehearsedLoads;
import io.github.camelingest.rehearsal.Outcomes;
import io.github.camelingest.rehearsal.Rehearsal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells how the lines of files would fare as those of a dataset, without loading anything. */
final class DataValidation {

  private static final Path STANDARD_INPUT = Path.of("-");

  /** So many rejected lines of a file are told, unless all are wanted. */
  private static final long TOLD = 100;

  private final Rehearsal routes;
  private final String dataset;
  private final boolean all;
  private final DataReport report;

  /**
   * @param all whether each rejected line is told
   */
  DataValidation(Rehearsal routes, String dataset, boolean all, DataReport report) {
    this.routes = routes;
    this.dataset = dataset;
    this.all = all;
    this.report = report;
  }

  /**
   * Tells of a file.
   *
   * @param file possibly compressed; {@code -} is standard input
   * @return whether it would be loaded with no line rejected
   */
  boolean of(Path file) throws IOException {
    try (InputStream content = open(file)) {
      report.begin(file.equals(STANDARD_INPUT) ? "(standard input)" : file.toString());
      Tally tally = new Tally();
      RehearsedLoads.End end = routes.run(dataset, content, tally);
      report.end(
          end.lines().isPresent() ? tally.counts(end.lines().getAsLong()) : null,
          tally.untold,
          end.notLoaded().orElse(null));
      return end.notLoaded().isEmpty() && tally.rejected == 0;
    }
  }

  /**
   * @throws SetupException if a file cannot be read
   */
  static void check(Path file) {
    if (file.equals(STANDARD_INPUT)) {
      return;
    }
    if (!Files.exists(file)) {
      throw new SetupException(file + ": there is no such file");
    }
    if (Files.isDirectory(file)) {
      throw new SetupException(file + " is a folder; name the files in it");
    }
    if (!Files.isReadable(file)) {
      throw new SetupException(file + " cannot be read: permission denied");
    }
  }

  private static InputStream open(Path file) throws IOException {
    return file.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(file);
  }

  private final class Tally implements Outcomes {
    private long read;
    private long rows;
    private long rejected;
    private long untold;

    @Override
    public void read(long line) {
      read++;
    }

    @Override
    public void row(long line, Object row) {
      rows++;
    }

    @Override
    public void rejected(RejectedLine line) {
      rejected++;
      if (!all && rejected > TOLD) {
        untold++;
        return;
      }
      try {
        report.rejected(line);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    DataReport.Counts counts(long lines) {
      return new DataReport.Counts(lines, rows, rejected, read - rows - rejected, lines - read);
    }
  }
}
