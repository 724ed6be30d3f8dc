package io.github.camelingest.bench;

import io.github.camelingest.it.Question;
import io.github.camelingest.it.Space;
import io.github.camelingest.local.LocalStack;
import io.github.camelingest.local.SampleData;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How long the analysts' questions take, with their default parameters, once the pages they need
 * have been read: the load is over and vacuum has seen the tables.
 */
@Command(
    name = "bench questions",
    description = "How long the analysts' questions take.",
    mixinStandardHelpOptions = true)
public final class QuestionsBench implements Callable<Integer> {

  private static final Path DATA = Path.of(".local", "bench");
  private static final int PART = 100_000;

  @Option(
      names = "--visits",
      defaultValue = "1000000",
      description = "Visits in the database (${DEFAULT-VALUE}).")
  private int visits;

  @Option(
      names = "--rounds",
      defaultValue = "11",
      description = "How often each question is asked, besides once before (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--explain", description = "Also shows the plans.")
  private boolean explain;

  @Spec private CommandSpec spec;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new QuestionsBench()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    LocalStack.endOrphan(DATA);
    Path folder = Files.createDirectories(DATA.resolve("questions")).toAbsolutePath();
    try (LocalStack stack = LocalStack.start(LocalStack.Options.in(DATA))) {
      Space space = new Space(stack.spaceWithRoles("questions" + System.currentTimeMillis()));
      load(space, folder);
      try (Connection owner = space.connection("ingest_owner");
          Statement statement = owner.createStatement()) {
        statement.execute("vacuum (analyze) fsm.visit");
        statement.execute("vacuum (analyze) fsm.network_edge");
      }
      try (Connection analyst = space.connection("analyst");
          Statement statement = analyst.createStatement()) {
        for (String question : Question.NAMES) {
          measure(statement, question);
        }
      }
    }
    return 0;
  }

  private void load(Space space, Path folder) throws IOException, InterruptedException {
    SampleData data = new SampleData(1);
    for (int left = visits; left > 0; left -= PART) {
      String lines = data.visits(Math.min(left, PART));
      space.put("visits/%d.jsonl".formatted(left), lines.getBytes(StandardCharsets.UTF_8));
    }
    space.put("network/network.adjlist", data.network().getBytes(StandardCharsets.UTF_8));
    for (String dataset : List.of("visits", "network")) {
      ProcessBuilder builder =
          new ProcessBuilder(Java.application("load", dataset))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(folder.resolve("log").toFile());
      builder.environment().putAll(space.environment());
      if (builder.start().waitFor() != 0) {
        throw new IllegalStateException(
            "%s cannot be loaded; the log is in %s".formatted(dataset, folder));
      }
    }
  }

  private void measure(Statement statement, String question) throws SQLException, IOException {
    String query = Question.of(question, Map.of());
    double[] millis = new double[rounds];
    int rows = count(statement, query);
    for (int n = 0; n < rounds; n++) {
      long begun = System.nanoTime();
      rows = count(statement, query);
      millis[n] = (System.nanoTime() - begun) / 1e6;
    }
    Arrays.sort(millis);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s: %.0f ms (%.0f to %.0f), %,d rows%n",
        question, millis[rounds / 2], millis[0], millis[rounds - 1], rows);
    if (explain) {
      try (ResultSet plan = statement.executeQuery("explain (analyze, buffers) " + query)) {
        while (plan.next()) {
          out.println("  " + plan.getString(1));
        }
      }
    }
    out.flush();
  }

  private static int count(Statement statement, String query) throws SQLException {
    try (ResultSet result = statement.executeQuery(query)) {
      int rows = 0;
      while (result.next()) {
        rows++;
      }
      return rows;
    }
  }
}
