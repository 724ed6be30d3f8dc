package io.github.camelingest.torture;

import io.github.camelingest.it.Jar;
import io.github.camelingest.it.Space;
import io.github.camelingest.local.LocalStack;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Kills the application and its servers again and again while it loads, and compares what it left
 * in the database with one undisturbed run over the same bucket. Exit code 0 only if everything is
 * equal.
 */
@Command(
    name = "torture",
    description = {
      "Kills the application and its servers again and again while it loads, and compares what is in the database then"
          + " with one undisturbed run. Needs the built jar; runs in the repository's folder.",
    },
    footer = {
      "",
      "The same seed does the same things in the same order; when exactly they hit differs.",
      "Logs of all instances are in target/torture/logs."
    },
    mixinStandardHelpOptions = true)
public final class Torture implements Callable<Integer> {

  private static final Path FOLDER = Path.of("target", "torture").toAbsolutePath();
  private static final Path DATA = FOLDER.resolve("data");
  private static final Path LOGS = FOLDER.resolve("logs");

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOAD_PATIENCE = Duration.ofMinutes(5);

  @Option(names = "--rounds", defaultValue = "20", description = "Rounds (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--seed", description = "Seed of everything random; a new one by default.")
  private Long seed;

  @Option(
      names = "--broken",
      defaultValue = "nothing",
      converter = BrokenConverter.class,
      description =
          "Breaks the application on purpose, to see that it is found: acknowledge-early (a message is deleted before its"
              + " objects stand in the ledger) or second-transaction (rows commit before the ledger's progress).")
  private Broken broken;

  @Spec private CommandSpec spec;

  private final Tally tally = new Tally();
  private final Complaints complaints = new Complaints();

  private static final class BrokenConverter implements CommandLine.ITypeConverter<Broken> {
    @Override
    public Broken convert(String name) {
      return Broken.valueOf(name.toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
    }
  }

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Torture()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    long start = System.nanoTime();
    if (seed == null) {
      seed = (long) new Random().nextInt(1_000_000);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%d rounds with seed %d%n", rounds, seed);
    out.flush();
    clean();
    WorkingFolder working = WorkingFolder.create(FOLDER.resolve("home"), broken);
    Servers servers = Servers.start(DATA);
    Instances instances =
        new Instances(working.path(), LOGS, servers.applicationEnvironment(), tally);
    // However this ends, nothing that it started outlives it.
    Thread end =
        new Thread(
            () -> {
              instances.close();
              servers.close();
            });
    Runtime.getRuntime().addShutdownHook(end);
    try {
      torture(working, servers, instances, out);
    } finally {
      Runtime.getRuntime().removeShutdownHook(end);
      end.run();
    }
    return verdict(Duration.ofNanos(System.nanoTime() - start), out);
  }

  private void torture(WorkingFolder working, Servers servers, Instances instances, PrintWriter out)
      throws Exception {
    Random random = new Random(seed);
    Corpus corpus = new Corpus(random.nextLong(), servers.tortured(), tally);
    servers.sqs().listener(new Deletions(servers.tortured(), corpus, complaints, tally));
    Harms harms = new Harms(working, servers, instances, random, tally);
    try (Rounds loop = new Rounds(corpus, harms, instances, random, out);
        Watch watch = new Watch(servers.tortured(), corpus, complaints, tally)) {
      watch.start();
      for (int round = 1; round <= rounds && complaints.isEmpty(); round++) {
        loop.run(round);
        tally.count("rounds");
        new AtAnyMoment(servers.tortured()).wrong().ifPresent(complaints::add);
      }
      harms.healAll();
      instances.killAll();
      if (complaints.isEmpty()) {
        drain(servers.tortured(), corpus, instances, out);
      }
    }
    if (complaints.isEmpty()) {
      compare(servers, corpus, instances, out);
    }
    tally.most(
        "most attempts of an object",
        servers.tortured().number("select coalesce(max(attempts), 0) from ingest.object"));
  }

  private void drain(Space space, Corpus corpus, Instances instances, PrintWriter out)
      throws InterruptedException {
    say(out, "Waiting until everything is loaded");
    Jar last = instances.startOne();
    new Drain(space, corpus.current()).await().ifPresent(complaints::add);
    last.terminate();
    int exitCode = last.await(STOP_PATIENCE).exitCode();
    if (exitCode != 0) {
      complaints.add("after SIGTERM the application ended with exit code " + exitCode);
    }
  }

  private void compare(Servers servers, Corpus corpus, Instances instances, PrintWriter out)
      throws Exception {
    say(out, "Reference run");
    for (String dataset : new String[] {"network", "visits", "journal"}) {
      Jar load =
          instances.start(
              "reference-" + dataset, servers.reference().environment(), "load", dataset);
      load.await(LOAD_PATIENCE).succeeded();
    }
    say(out, "Comparing");
    Comparison comparison =
        new Comparison(servers.tortured(), servers.reference(), corpus.current());
    comparison.differences().forEach(complaints::add);
    tally.add("rows compared", comparison.rows());
  }

  private static void say(PrintWriter out, String what) {
    out.println(what);
    out.flush();
  }

  private int verdict(Duration elapsed, PrintWriter out) {
    out.printf("%nAfter %d s:%n", elapsed.toSeconds());
    tally.print(out);
    out.println();
    if (complaints.isEmpty()) {
      say(out, "Everything is equal to the undisturbed run (seed %d).".formatted(seed));
      return 0;
    }
    complaints.all().forEach(out::println);
    out.printf(
        "%nNOT as promised. Again: ./manage.sh torture --rounds %d --seed %d%s%n",
        rounds,
        seed,
        broken == Broken.NOTHING
            ? ""
            : " --broken " + broken.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
    say(out, "Logs: " + LOGS);
    return 1;
  }

  /** Removes what an earlier run left; the server's programs stay. */
  private static void clean() throws IOException {
    LocalStack.endOrphan(DATA);
    for (Path old :
        new Path[] {
          DATA.resolve("postgres"),
          DATA.resolve("s3"),
          DATA.resolve("secret"),
          LOGS,
          FOLDER.resolve("home")
        }) {
      if (Files.exists(old)) {
        try (Stream<Path> files = Files.walk(old)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    }
    Files.createDirectories(LOGS);
  }
}
