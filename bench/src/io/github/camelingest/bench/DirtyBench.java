package io.github.camelingest.bench;

import io.github.camelingest.it.Space;
import io.github.camelingest.local.LocalStack;
import io.github.camelingest.local.SampleData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Loads a file of visits and the same file with a share of its lines broken in thirty ways, in
 * turn, and compares the rates; checks that every good line is a row and every broken one is kept.
 */
@Command(
    name = "bench dirty",
    description = "How much slower a file loads if some of its lines are broken in thirty ways.",
    mixinStandardHelpOptions = true)
public final class DirtyBench implements Callable<Integer> {

  private static final Path DATA = Path.of(".local", "bench");
  private static final Pattern SECONDS = Pattern.compile("in ([0-9.]+) s");

  @Option(names = "--lines", defaultValue = "1000000", description = "Lines of each file.")
  private int lines;

  @Option(names = "--percent", defaultValue = "3", description = "How many of them are broken.")
  private int percent;

  @Option(names = "--rounds", defaultValue = "5", description = "How often each file is loaded.")
  private int rounds;

  @Option(
      names = "--refused",
      description = "PostgreSQL refuses one more line in a thousand, by a constraint.")
  private boolean refused;

  @Spec private CommandSpec spec;

  private final Map<String, Long> reasons = new TreeMap<>();

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new DirtyBench()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    LocalStack.endOrphan(DATA);
    try (LocalStack stack = LocalStack.start(LocalStack.Options.in(DATA))) {
      long run = System.currentTimeMillis();
      Space clean = new Space(stack.space("clean" + run));
      Space dirty = new Space(stack.space("dirty" + run));
      clean.put("visits/a.jsonl", content(false));
      dirty.put("visits/a.jsonl", content(true));
      List<Double> cleanRates = new ArrayList<>();
      List<Double> dirtyRates = new ArrayList<>();
      for (int round = 0; round <= rounds; round++) {
        double cleanRate = load(clean);
        double dirtyRate = load(dirty);
        check(clean, Map.of());
        check(dirty, reasons);
        // The first one warms the servers.
        if (round > 0) {
          cleanRates.add(cleanRate);
          dirtyRates.add(dirtyRate);
          out.printf(
              "round %d: clean %,.0f lines/s, dirty %,.0f lines/s, ratio %.2f%n",
              round, cleanRate, dirtyRate, dirtyRate / cleanRate);
          out.flush();
        }
      }
      out.printf(
          "median: clean %,.0f lines/s, dirty %,.0f lines/s, ratio %.2f; rejected: %s%n",
          median(cleanRates), median(dirtyRates), median(dirtyRates) / median(cleanRates), reasons);
      out.flush();
    }
    return 0;
  }

  private byte[] content(boolean dirty) {
    SampleData data = new SampleData(1);
    ByteArrayOutputStream content = new ByteArrayOutputStream(350 * lines);
    int broken = 0;
    for (int line = 0; line < lines; line++) {
      String visit = data.visit();
      if (dirty && line * (long) percent / 100 < (line + 1) * (long) percent / 100) {
        BrokenLines.Way way = BrokenLines.WAYS.get(broken++ % BrokenLines.WAYS.size());
        content.writeBytes(way.of(visit));
        reasons.merge(way.reason(), 1L, Long::sum);
      } else if (dirty && refused && line % 1_000 == 0) {
        content.writeBytes(
            visit
                .replaceFirst("\"node_age\": \\d+", "\"node_age\": 1000")
                .getBytes(StandardCharsets.UTF_8));
        reasons.merge("refused", 1L, Long::sum);
      } else {
        content.writeBytes(visit.getBytes(StandardCharsets.UTF_8));
      }
      content.write('\n');
    }
    return content.toByteArray();
  }

  /** Loads into an empty database; gives lines a second, without the start of the process. */
  private double load(Space space) throws IOException, InterruptedException {
    if (space.number("select count(*) from pg_namespace where nspname = 'fsm'") == 0) {
      run(space, "load", "network");
    }
    space.sql().sql("truncate fsm.visit, fsm.visit_corrected, ingest.object cascade").update();
    if (refused) {
      space
          .sql()
          .sql(
              "alter table fsm.visit drop constraint if exists young, add constraint young check (node_age < 1000)")
          .update();
    }
    Matcher seconds = SECONDS.matcher(run(space, "load", "visits"));
    if (!seconds.find()) {
      throw new IllegalStateException("the load did not say how long it took");
    }
    return lines / Double.parseDouble(seconds.group(1));
  }

  private static String run(Space space, String... arguments)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(Java.application(arguments))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(space.environment());
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException("the load failed: " + out);
    }
    return out;
  }

  private void check(Space space, Map<String, Long> expected) {
    Map<String, Long> kept = new TreeMap<>();
    space
        .sql()
        .sql("select reason, count(*) as n from ingest.rejected_line group by reason")
        .query()
        .listOfRows()
        .forEach(row -> kept.put((String) row.get("reason"), (Long) row.get("n")));
    long good = lines - expected.values().stream().mapToLong(Long::longValue).sum();
    long rows = space.number("select count(*) from fsm.visit");
    if (!kept.equals(expected) || rows != good) {
      throw new IllegalStateException(
          "%,d rows instead of %,d, rejected %s instead of %s"
              .formatted(rows, good, kept, expected));
    }
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
