package io.github.camelingest.bench;

import io.github.camelingest.it.Space;
import io.github.camelingest.local.LocalStack;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The application and other ways to load the same lines into the same table, each once in every
 * round.
 */
@Command(
    name = "bench",
    description =
        "Compares the application, in several cases, with other ways to load the same lines into the same"
            + " table, and all with PostgreSQL's own COPY of ready rows, the limit. A full run also writes"
            + " bench/RESULTS.md.",
    mixinStandardHelpOptions = true)
public final class Bench implements Callable<Integer> {

  private static final Path DATA = Path.of(".local", "bench");
  private static final List<String> QUICK = List.of("app", "app-dirty");

  /** Which of the application's rates --floor looks at. */
  private static final String FLOORED = "app warm";

  @Option(names = "--lines", description = "Lines of a file (1000000; 200000 with --quick).")
  private Long lines;

  @Option(names = "--rounds", description = "How often each way runs (5; 2 with --quick).")
  private Integer rounds;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      description = "Only these ways, besides the limit.")
  private Set<String> only;

  @Option(
      names = "--quick",
      description = "Only app and app-dirty, a few lines; takes less than a minute.")
  private boolean quick;

  @Option(
      names = "--floor",
      paramLabel = "RATIO",
      description = "Fails if the median rate of app, warm, is less than this share of the limit.")
  private Double floor;

  @Option(names = "--report", description = "Writes bench/RESULTS.md even if not all ways run.")
  private boolean report;

  @Option(names = "--list", description = "Names all ways, and does nothing.")
  private boolean list;

  @Spec private CommandSpec spec;

  /** Class path of the module, where it is built. */
  private final Optional<String> peers =
      Optional.ofNullable(System.getProperty("bench.peers")).filter(path -> !path.isEmpty());

  private final Results results = new Results();

  /** What the report says is not in it. */
  private final List<String> missing = new ArrayList<>();

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    if (list) {
      ways(null, null, null).forEach(way -> say("%-16s %s", way.name(), way.description()));
      return 0;
    }
    peers.ifPresent(Machine::checkSameVersions);
    LocalStack.endOrphan(DATA);
    // However this JVM ends: the server would live on.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> LocalStack.endOrphan(DATA)));
    // A new server each time, so that runs are alike.
    remove("postgres", "s3", "secret", "input");
    try (LocalStack stack = LocalStack.start(LocalStack.Options.in(DATA))) {
      Target target = new Target(new Space(stack.space("bench")), DATA);
      Inputs inputs =
          new Inputs(
              DATA.resolve("input").toAbsolutePath(), lines(), new Space(stack.space("input")));
      AtomicInteger place = new AtomicInteger();
      measure(target, inputs, () -> new Space(stack.space("run" + place.incrementAndGet())));
    } finally {
      remove("s3", "input");
    }
    return floor == null || isAboveFloor() ? 0 : 1;
  }

  private void measure(Target target, Inputs inputs, Supplier<Space> places) throws Exception {
    List<Way> ways = chosen(ways(target, inputs, places));
    Application.makeSchema(target);
    new PeerWays(target, inputs, peers).prepare();
    for (int round = 1; round <= rounds(); round++) {
      for (Way way : ways) {
        for (Measurement measured : measure(way, round)) {
          results.add(measured);
          say(
              "round %d: %-20s %,9.0f rows/s, %.2f of the limit",
              round, measured.way(), measured.rate(), results.ratio(measured));
        }
      }
    }
    say("");
    say("%s", results.aligned());
    if (report || only == null && !quick) {
      missing.addAll(PeerWays.missing(peers));
      missing.forEach(reason -> say("%s", reason));
      new Report(ways, results, facts(target, inputs), missing).write(peers);
      say("bench/RESULTS.md is written");
    }
  }

  /** None where a peer fails: that is its affair, and no reason to lose what the others did. */
  private List<Measurement> measure(Way way, int round) throws Exception {
    try {
      return way.run().measure(round);
    } catch (Client.Failure e) {
      if (way.name().startsWith("app") || PeerWays.LIMIT.contains(way.name())) {
        throw e;
      }
      String failure = "round %d: %s failed".formatted(round, way.name());
      say("%s: %s", failure, e.getMessage().lines().findFirst().orElse(""));
      missing.add(failure);
      return List.of();
    }
  }

  private List<Way> ways(Target target, Inputs inputs, Supplier<Space> places) {
    PeerWays peerWays = new PeerWays(target, inputs, peers);
    List<Way> ways = new ArrayList<>(peerWays.limit());
    ways.addAll(new ApplicationWays(target, inputs, places).all());
    ways.addAll(peerWays.peers());
    return ways;
  }

  private List<Way> chosen(List<Way> ways) {
    Set<String> names = new HashSet<>(ways.stream().map(Way::name).toList());
    Set<String> wanted = new HashSet<>(quick ? QUICK : names);
    if (only != null) {
      only.stream()
          .filter(name -> !names.contains(name))
          .findFirst()
          .ifPresent(
              name -> {
                throw new ParameterException(
                    spec.commandLine(), "there is no way '%s' here; see --list".formatted(name));
              });
      wanted = new HashSet<>(only);
    }
    wanted.addAll(PeerWays.LIMIT);
    Set<String> all = wanted;
    return ways.stream().filter(way -> all.contains(way.name())).toList();
  }

  private long lines() {
    return lines != null ? lines : quick ? 200_000 : 1_000_000;
  }

  private int rounds() {
    return rounds != null ? rounds : quick ? 2 : 5;
  }

  private List<String> facts(Target target, Inputs inputs) throws IOException {
    Input plain = inputs.plain();
    List<String> arguments = spec.commandLine().getParseResult().originalArgs();
    return List.of(
        "Command: `%s`".formatted(("./manage.sh bench " + String.join(" ", arguments)).strip()),
        "Commit: " + Machine.commit(),
        "Machine: " + Machine.hardware(),
        "Versions: " + String.join(", ", Machine.versions(target, peers)),
        "PostgreSQL, the same for all: " + Machine.settings(target),
        "Application: `java %s -jar target/camel-ingest.jar run`; duckdb has the same options, camel %s, Flink %s"
            .formatted(
                String.join(" ", Java.OPTIONS).replace(Path.of("").toAbsolutePath() + "/", ""),
                String.join(" ", PeerWays.CAMEL_OPTIONS),
                String.join(" ", PeerWays.FLINK_OPTIONS)),
        "Input: %,d lines, %,d MB; rounds: %d"
            .formatted(plain.lines(), Files.size(plain.files().get(0)) / 1_000_000, rounds()));
  }

  private boolean isAboveFloor() {
    double ratio = results.of(FLOORED, results::ratio).median();
    say("%s: %.3f of the limit; the floor is %.3f", FLOORED, ratio, floor);
    return ratio >= floor;
  }

  private static void remove(String... names) throws IOException {
    for (String name : names) {
      Path folder = DATA.resolve(name);
      if (Files.exists(folder)) {
        try (Stream<Path> files = Files.walk(folder)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    }
  }

  private void say(String format, Object... values) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(format + "%n", values);
    out.flush();
  }
}
