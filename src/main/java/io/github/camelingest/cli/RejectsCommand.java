package io.github.camelingest.cli;

import io.github.camelingest.app.Application;
import io.github.camelingest.app.Question;
import io.github.camelingest.app.Settings;
import io.github.camelingest.app.SetupException;
import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.ledger.DatasetStatus;
import io.github.camelingest.ledger.KeptLine;
import io.github.camelingest.ledger.RejectedGroup;
import io.github.camelingest.ledger.RejectedLines;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the lines that could not become rows. */
@Command(
    name = "rejects",
    description =
        "Shows the lines that could not become rows, by dataset and reason, with examples; or exports them.",
    footer = {
      "",
      "Examples:",
      "  camel-ingest rejects",
      "  camel-ingest rejects --dataset visits --reason bad_value",
      "  camel-ingest rejects --object visits/a.jsonl --export rejected.jsonl",
      "  camel-ingest rejects --export - | jq .message"
    },
    mixinStandardHelpOptions = true)
final class RejectsCommand implements Callable<Integer> {

  private static final String STANDARD_OUTPUT = "-";

  @Option(names = "--dataset", paramLabel = "DATASET", description = "Only lines of this dataset.")
  private String dataset;

  @Option(
      names = "--object",
      paramLabel = "KEY",
      description = "Only lines of this object: its key, or its location as shown.")
  private String object;

  @Option(
      names = "--reason",
      paramLabel = "CODE",
      description = "Only lines with this reason, such as not_json.")
  private String reason;

  @ArgGroup private Form form = new Form();

  @Spec private CommandSpec spec;

  /** What is written instead of the table; one of these. */
  private static final class Form {

    @Option(
        names = "--json",
        description = "Print JSON, one array with an object per dataset and reason.")
    private boolean json;

    @Option(
        names = "--export",
        paramLabel = "FILE.jsonl",
        description =
            "Write every line as a JSON object to this file, with its bytes: 'raw', or 'raw_base64' where they are not UTF-8."
                + " 'cut' means that only the first 8 KiB are kept."
                + " Only its owner may read the file; an earlier one is replaced. - is standard output.")
    private String export;
  }

  @Override
  public Integer call() {
    RejectedLines.Filter filter =
        new RejectedLines.Filter(
            dataset, object == null ? null : VisibleText.meanings(object), reason);
    try {
      if (form.export != null) {
        export(filter);
      } else {
        show(
            Question.ask(
                Settings.load(),
                (database, outages) -> {
                  List<RejectedGroup> groups = new RejectedLines(database).groups(filter);
                  check(groups.size(), new Backlog(database, outages));
                  return groups;
                }));
      }
    } catch (IOException e) {
      stop(e);
    } catch (UncheckedIOException e) {
      stop(e.getCause());
    }
    return 0;
  }

  private void show(List<RejectedGroup> groups) throws IOException {
    if (form.json) {
      try (OutputStream out = standardOutput();
          RejectsJson json = new RejectsJson(out)) {
        json.write(groups);
      }
      return;
    }
    PrintWriter out = spec.commandLine().getOut();
    if (groups.isEmpty()) {
      out.println("no rejected lines" + (isFiltered() ? " of this kind" : ""));
    } else {
      out.print(RejectsTable.of(groups, Terminal.width()));
      out.println();
      out.println("camel-ingest rejects --export FILE.jsonl");
      out.println("  writes them all, with their content");
      out.println("camel-ingest replay --rejected");
      out.println("  loads their objects again, after a fix");
    }
    out.flush();
  }

  /**
   * @throws SetupException if there is nothing, and nobody knows a dataset of that name
   */
  private void check(long found, Backlog backlog) {
    if (found > 0 || dataset == null) {
      return;
    }
    Set<String> known =
        backlog.status().stream()
            .map(DatasetStatus::dataset)
            .collect(Collectors.toCollection(TreeSet::new));
    if (!known.contains(dataset)) {
      // Of one that is new nothing may have come yet.
      Application.describe(
          Settings.load(), routes -> routes.forEach(route -> known.add(route.getDataset())));
    }
    if (!known.contains(dataset)) {
      throw new SetupException("there is no dataset '%s'; there are %s".formatted(dataset, known));
    }
  }

  private boolean isFiltered() {
    return dataset != null || object != null || reason != null;
  }

  private void export(RejectedLines.Filter filter) throws IOException {
    if (form.export.equals(STANDARD_OUTPUT)) {
      try (OutputStream out = standardOutput()) {
        say(spec.commandLine().getErr(), write(filter, out), "standard output");
      }
    } else {
      try (PrivateFile file = new PrivateFile(Path.of(form.export))) {
        long lines = write(filter, file.out());
        file.complete();
        say(spec.commandLine().getOut(), lines, form.export);
      }
    }
  }

  private long write(RejectedLines.Filter filter, OutputStream out) throws IOException {
    try (RejectsJson json = new RejectsJson(out)) {
      return Question.ask(
          Settings.load(),
          (database, outages) -> {
            long lines = new RejectedLines(database).each(filter, line -> write(line, json));
            check(lines, new Backlog(database, outages));
            return lines;
          });
    }
  }

  private static void write(KeptLine line, RejectsJson json) {
    try {
      json.write(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void say(PrintWriter out, long lines, String where) {
    out.printf("%,d rejected lines written to %s%n", lines, where);
    out.flush();
  }

  /** As it is: a print stream would hide that it cannot be written, and choose a character set. */
  private static OutputStream standardOutput() {
    return new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
  }

  /**
   * @throws SetupException unless there is only nobody who reads on
   */
  private void stop(IOException e) {
    if (StandardOutput.isReaderGone(e)) {
      return;
    }
    boolean file = form.export != null && !form.export.equals(STANDARD_OUTPUT);
    throw new SetupException(
        "%s cannot be written: %s".formatted(file ? form.export : "standard output", why(e)), e);
  }

  private static String why(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such folder";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    return e instanceof FileSystemException system && system.getReason() != null
        ? system.getReason()
        : e.getMessage();
  }
}
