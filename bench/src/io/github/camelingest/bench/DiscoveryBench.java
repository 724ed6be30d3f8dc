package io.github.camelingest.bench;

import io.github.camelingest.it.Jar;
import io.github.camelingest.it.LargeBucket;
import io.github.camelingest.it.Space;
import io.github.camelingest.local.LocalStack;
import io.github.camelingest.local.SampleData;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.springframework.dao.DataAccessException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How long an object takes from its upload to its visible rows, how many tiny objects are loaded in
 * a second, and what a comparison of a large bucket with the ledger takes.
 */
@Command(
    name = "bench discovery",
    description =
        "From upload to visible row; tiny objects; the comparison of a large bucket with the ledger.",
    mixinStandardHelpOptions = true)
public final class DiscoveryBench implements Callable<Integer> {

  private static final Path DATA = Path.of(".local", "bench");
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Pattern COMPARED =
      Pattern.compile("\\(([0-9,]+) requests, ([0-9.]+) s\\): ([0-9,]+) to load");
  private static final Pattern LOADED =
      Pattern.compile("([0-9,]+) objects loaded .* in ([0-9.]+) s");
  private static final int[] UP_TO_MILLIS = {25, 50, 100, 200, 400, 800, 1_600, 5_000, 20_000};

  @Option(
      names = "--objects",
      defaultValue = "1000",
      description = "Objects uploaded for each way of finding them (${DEFAULT-VALUE}).")
  private int objects;

  @Option(
      names = "--rate",
      defaultValue = "20",
      description = "Of these, uploaded in a second (${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--tiny",
      defaultValue = "5000",
      description = "Objects of 20 lines that are there at once (${DEFAULT-VALUE}).")
  private int tiny;

  @Option(
      names = "--listed",
      defaultValue = "200000",
      description =
          "Objects in the large bucket; also half and a quarter of them (${DEFAULT-VALUE}).")
  private int listed;

  @Spec private CommandSpec spec;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new DiscoveryBench()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    LocalStack.endOrphan(DATA);
    Files.createDirectories(DATA);
    try (LocalStack stack = LocalStack.start(LocalStack.Options.in(DATA))) {
      String run = Long.toString(System.currentTimeMillis());
      latency("by notification", new Space(stack.space("told" + run)), Map.of());
      latency(
          "by polling every second",
          new Space(stack.space("polled" + run)),
          Map.of("INGEST_QUEUE", "", "INGEST_POLL_INTERVAL", "1s"));
      tiny(new Space(stack.space("tiny" + run)));
    }
    for (int part : new int[] {4, 2, 1}) {
      compare(listed / part);
    }
    return 0;
  }

  /** From the answer to an upload to the commit of the ledger's {@code loaded}. */
  private void latency(String how, Space space, Map<String, String> settings)
      throws InterruptedException {
    Map<String, String> environment = new HashMap<>(space.environment());
    environment.putAll(settings);
    Instant[] uploaded = new Instant[objects];
    try (Jar jar = start(environment, "run")) {
      while (!jar.isReady()) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      SampleData data = new SampleData(1);
      long start = System.nanoTime();
      for (int n = 0; n < objects; n++) {
        long due = start + n * TimeUnit.SECONDS.toNanos(1) / rate;
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        space.put("visits/%06d.jsonl".formatted(n), bytes(data.visits(20)));
        uploaded[n] = Instant.now();
      }
      awaitLoaded(space, objects);
    }
    long[] millis = new long[objects];
    space
        .sql()
        .sql("select key, loaded_at from ingest.object where state = 'loaded'")
        .query(
            row -> {
              int n = Integer.parseInt(row.getString("key").replaceAll("\\D", ""));
              Timestamp loaded = row.getTimestamp("loaded_at");
              millis[n] = Duration.between(uploaded[n], loaded.toInstant()).toMillis();
            });
    long[] sorted = IntStream.range(0, objects).mapToLong(n -> millis[n]).sorted().toArray();
    say(
        "%s, %d objects of 20 visits, %d a second: p50 %d ms, p95 %d ms, p99 %d ms, max %d ms",
        how, objects, rate, at(sorted, 0.5), at(sorted, 0.95), at(sorted, 0.99), at(sorted, 1));
    long before = 0;
    for (int upTo : UP_TO_MILLIS) {
      long count = IntStream.range(0, objects).filter(n -> sorted[n] <= upTo).count();
      if (count > before) {
        say("  up to %,6d ms: %5.1f %%", upTo, 100.0 * count / objects);
      }
      before = count;
    }
  }

  private static long at(long[] sorted, double share) {
    return sorted[Math.min(sorted.length - 1, (int) (share * sorted.length))];
  }

  private void tiny(Space space) throws InterruptedException {
    SampleData data = new SampleData(1);
    for (int n = 0; n < tiny; n++) {
      space.put("visits/%06d.jsonl".formatted(n), bytes(data.visits(20)));
    }
    try (Jar jar = start(space.environment(), "load", "visits")) {
      Jar.Result result = jar.await(PATIENCE).succeeded();
      Matcher loaded = LOADED.matcher(result.out());
      if (!loaded.find()) {
        throw new IllegalStateException("the load did not say how long it took: " + result.out());
      }
      say(
          "%,d objects of 20 visits: %,.0f objects/s",
          tiny, tiny / Double.parseDouble(loaded.group(2)));
    }
  }

  private void compare(int count) throws IOException {
    Path data = Files.createTempDirectory(DATA, "large");
    try (LocalStack stack =
        LocalStack.start(LocalStack.Options.in(data), store -> new LargeBucket(store, count))) {
      Space space = new Space(stack.space("large"));
      try (Jar jar = start(space.environment(), "reconcile", "network")) {
        jar.await(PATIENCE).succeeded();
      }
      int every = count / 10;
      space
          .sql()
          .sql(LargeBucket.enter(space.bucket(), count, "n %% %d <> 7".formatted(every)))
          .update();
      try (Jar jar = start(space.environment(), "reconcile", "visits")) {
        Jar.Result result = jar.await(PATIENCE).succeeded();
        Matcher compared = COMPARED.matcher(result.out());
        if (!compared.find()) {
          throw new IllegalStateException(
              "the comparison did not say what it took: " + result.out());
        }
        say(
            "comparison of %,d objects: %s requests, %s s, %s found",
            count, compared.group(1), compared.group(2), compared.group(3));
      }
    }
  }

  private Jar start(Map<String, String> environment, String... arguments) {
    return Jar.start(Path.of(""), environment, DATA.resolve("application.log"), arguments);
  }

  private static void awaitLoaded(Space space, int count) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (loaded(space) < count) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("only %d are loaded".formatted(loaded(space)));
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private static long loaded(Space space) {
    try {
      return space.number("select count(*) from ingest.object where state = 'loaded'");
    } catch (DataAccessException e) {
      return 0;
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void say(String format, Object... values) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(format + "%n", values);
    out.flush();
  }
}
