package io.github.camelingest.bench;

import io.github.camelingest.it.Space;
import io.github.camelingest.local.LocalStack;
import io.github.camelingest.local.SampleData;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How long the application takes from the start of its process to the first committed row of an
 * object that is announced on the queue already; with and without the archive of classes, in turn.
 */
@Command(
    name = "bench start",
    description =
        "From the start of the process to the first row, with and without the archive of classes.",
    mixinStandardHelpOptions = true)
public final class StartBench implements Callable<Integer> {

  private static final Path DATA = Path.of(".local", "bench");
  private static final String ARCHIVE = "-XX:SharedArchiveFile";

  @Option(
      names = "--starts",
      defaultValue = "7",
      description = "Starts of each kind, and one more that is not counted (${DEFAULT-VALUE}).")
  private int starts;

  @Spec private CommandSpec spec;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new StartBench()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    LocalStack.endOrphan(DATA);
    Files.createDirectories(DATA);
    // Without routes and sql, so that those in the jar are used, as by a user who has the jar
    // alone.
    Path folder = Files.createTempDirectory(DATA, "start").toAbsolutePath();
    List<String> with = Java.application("run");
    List<String> without = with.stream().filter(word -> !word.startsWith(ARCHIVE)).toList();
    List<Double> withSeconds = new ArrayList<>();
    List<Double> withoutSeconds = new ArrayList<>();
    try (LocalStack stack = LocalStack.start(LocalStack.Options.in(DATA))) {
      String run = Long.toString(System.currentTimeMillis());
      for (int n = 0; n <= starts; n++) {
        double first = seconds(new Space(stack.space("with%d%s".formatted(n, run))), folder, with);
        double second =
            seconds(new Space(stack.space("without%d%s".formatted(n, run))), folder, without);
        if (n > 0) {
          withSeconds.add(first);
          withoutSeconds.add(second);
        }
      }
    }
    say("with the archive", withSeconds);
    say("without it", withoutSeconds);
    return 0;
  }

  private static double seconds(Space space, Path folder, List<String> command)
      throws IOException, InterruptedException {
    // Makes the tables.
    start(space, folder, Java.application("load", "network")).waitFor();
    space.put("visits/a.jsonl", new SampleData(1).visits(3).getBytes(StandardCharsets.UTF_8));
    long begun = System.nanoTime();
    Process process = start(space, folder, command);
    try {
      while (space.number("select count(*) from fsm.visit") == 0) {
        if (!process.isAlive()) {
          throw new IllegalStateException("the application has ended; its log is in " + folder);
        }
        TimeUnit.MILLISECONDS.sleep(5);
      }
      return (System.nanoTime() - begun) / 1e9;
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  private static Process start(Space space, Path folder, List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(folder.resolve("log").toFile());
    builder.environment().putAll(space.environment());
    return builder.start();
  }

  private void say(String kind, List<Double> seconds) {
    double[] sorted = seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s: %.2f s (%.2f to %.2f), %d starts%n",
        kind, sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1], sorted.length);
    out.flush();
  }
}
