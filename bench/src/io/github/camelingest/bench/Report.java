package io.github.camelingest.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Writes bench/RESULTS.md and, beside it, the plots. */
final class Report {

  private static final Path FOLDER = Path.of("bench");
  private static final Path FOR_PLOTS = Path.of("bench", "target", "results.tsv");

  /** As the program that draws names its files. */
  private static final List<String> PLOTS = List.of("rows", "cpu", "memory");

  private final List<Way> ways;
  private final Results results;
  private final List<String> facts;
  private final List<String> missing;

  /**
   * @param facts about machine, versions and inputs
   * @param missing what was not measured and why
   */
  Report(List<Way> ways, Results results, List<String> facts, List<String> missing) {
    this.ways = ways;
    this.results = results;
    this.facts = facts;
    this.missing = missing;
  }

  /**
   * @param peers class path of the module that draws; without it there are no plots
   */
  void write(Optional<String> peers) throws IOException, InterruptedException {
    boolean drawn = peers.isPresent() && draw(peers.get());
    List<String> lines = new ArrayList<>();
    lines.add("# Benchmark results");
    lines.add("");
    lines.add(
        "Written by the command below on %s; not to be edited. Medians of all rounds, least and most in parentheses."
            .formatted(LocalDate.now()));
    lines.add("");
    facts.forEach(fact -> lines.add("- " + fact));
    lines.add("");
    lines.add(row(Results.heads()));
    List<String> rulers = new ArrayList<>(List.of("---"));
    rulers.addAll(Collections.nCopies(Results.heads().size() - 1, "---:"));
    lines.add(row(rulers));
    results.table().forEach(row -> lines.add(row(row)));
    lines.add("");
    if (drawn) {
      for (String plot : PLOTS) {
        lines.add("![%s](%s.svg)".formatted(plot, plot));
      }
      lines.add("");
    }
    lines.add("## The ways");
    lines.add("");
    ways.forEach(way -> lines.add("- `%s`: %s".formatted(way.name(), way.description())));
    lines.add("");
    lines.add(
        "*cold*: the first object of a process; *warm*: the second. Rows are lines of the input, rejected ones included.");
    missing.forEach(reason -> lines.add("\n" + reason + "."));
    lines.add("");
    lines.add("## How it is measured");
    lines.add("");
    lines.add(
        """
        Every way runs once in each round, one after the other, into the same table `fsm.visit` with its key, index, checks and
        trigger, on the same server, which has just been emptied and has made a checkpoint. After each, rows and the words of
        their notes are counted, of the application also rejected lines and the ledger: a wrong count ends the benchmark.
        *Of the limit* is the rate as a share of that of the faster `\\copy` in the same round.

        - The application gets its object from the local S3 and hears of it by SQS, both of which run in the JVM that measures,
          on the same cores and whose CPU includes the copy of the object into the bucket; time is from the end of the (first)
          object's upload to `loaded_at` of the last in the ledger. It has started before, and is idle. It keeps the ledger, the
          provenance of each row and rejected lines.
        - The others read the same lines from a local file, which is less work. Their start and their connection are not measured;
          of Flink, the start of its cluster is not. Those in a JVM load one file a process, so they are to be compared with the
          application's *cold*. None keeps rejected lines or a ledger. But for jsonb, none keeps fields without a column.
        - *app-tiny* is measured from the first claim to the last `loaded_at`; its CPU includes the start of the process. It is
          not in the plots.
        - CPU of the client is that of all its processes, of the server that of all of PostgreSQL's (checkpoints and autovacuum
          included), from /proc/PID/stat; memory is the sum of the processes' VmHWM; WAL is the difference of
          `pg_current_wal_lsn()`.""");
    Files.writeString(FOLDER.resolve("RESULTS.md"), String.join("\n", lines) + "\n");
  }

  private static String row(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  private boolean draw(String peers) throws IOException, InterruptedException {
    Files.createDirectories(FOR_PLOTS.getParent());
    Files.writeString(FOR_PLOTS, results.forPlots());
    List<String> command =
        new ArrayList<>(Java.command(peers, List.of("-Djava.awt.headless=true")));
    command.add("io.github.camelingest.peer.Plots");
    command.add(FOR_PLOTS.toString());
    command.add(FOLDER.toString());
    return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
  }
}
