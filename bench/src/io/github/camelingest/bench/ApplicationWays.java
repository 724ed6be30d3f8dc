package io.github.camelingest.bench;

import io.github.camelingest.it.Space;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The application from the end of the upload to the ledger's {@code loaded_at}: it runs and is idle
 * when the object comes.
 */
final class ApplicationWays {

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int IDLE_MILLIS = 500;
  private static final double IDLE_CPU_SECONDS = 0.02;

  private final Target target;
  private final Inputs inputs;
  private final Supplier<Space> places;

  /**
   * @param places gives each start of the application a bucket and a queue of its own: the poll of
   *     one that has ended may still take a message
   */
  ApplicationWays(Target target, Inputs inputs, Supplier<Space> places) {
    this.target = target;
    this.inputs = inputs;
    this.places = places;
  }

  List<Way> all() {
    return List.of(
        coldAndWarm("app", "plain lines", "plain", 1, Map.of()),
        coldAndWarm("app-dirty", "3 % of the lines broken in thirty ways", "dirty", 1, Map.of()),
        coldAndWarm("app-gzip", "gzip", "gzip", 1, Map.of()),
        coldAndWarm("app-zstd", "zstd", "zstd", 1, Map.of()),
        coldAndWarm("app-wide", "ten more fields in each line, for `rest`", "wide", 1, Map.of()),
        new Way(
            "app-duplicates",
            "the same lines under a second key, after the first was loaded",
            this::duplicates),
        coldAndWarm(
            "app-writers-1", "plain, one writer", "plain", 1, Map.of("INGEST_WRITERS", "1")),
        coldAndWarm(
            "app-writers-4", "plain, four writers", "plain", 1, Map.of("INGEST_WRITERS", "4")),
        coldAndWarm("app-instances-1", "plain in four objects", "parts", 1, Map.of()),
        coldAndWarm(
            "app-instances-2", "plain in four objects, two instances", "parts", 2, Map.of()),
        new Way(
            "app-tiny",
            "10,000 objects of 1 KB that wait when it starts, from the first claim on",
            this::tiny),
        new Way("app-big", "one object of 2 GiB", this::big));
  }

  private Way coldAndWarm(
      String name, String description, String input, int instances, Map<String, String> settings) {
    return new Way(
        name,
        description,
        round -> {
          inputs.upload(input);
          target.reset();
          Space place = places.get();
          List<Application> running = new ArrayList<>();
          try {
            for (int n = 0; n < instances; n++) {
              running.add(Application.run(target, place, name + "-" + n, settings));
            }
            awaitIdle(running);
            List<Measurement> measured = new ArrayList<>();
            measured.add(load(name + " cold", round, running, place, input, 1, inputs.get(input)));
            target.resetVisits();
            awaitIdle(running);
            measured.add(load(name + " warm", round, running, place, input, 2, inputs.get(input)));
            return measured;
          } finally {
            end(running, place);
          }
        });
  }

  private List<Measurement> big(int round) throws Exception {
    inputs.upload("big");
    target.reset();
    Space place = places.get();
    List<Application> running = new ArrayList<>();
    try {
      running.add(Application.run(target, place, "app-big", Map.of()));
      awaitIdle(running);
      return List.of(load("app-big cold", round, running, place, "big", 1, inputs.get("big")));
    } finally {
      end(running, place);
    }
  }

  private List<Measurement> duplicates(int round) throws Exception {
    inputs.upload("plain");
    target.reset();
    Space place = places.get();
    List<Application> running = new ArrayList<>();
    try {
      running.add(Application.run(target, place, "app-duplicates", Map.of()));
      awaitIdle(running);
      load("app-duplicates, first key", round, running, place, "plain", 1, inputs.plain());
      awaitIdle(running);
      Measurement second =
          load("app-duplicates warm", round, running, place, "plain", 2, inputs.plain());
      Target.check(
          second.way(),
          "corrected rows",
          inputs.plain().rows(),
          target.space().number("select count(*) from fsm.visit_corrected"));
      return List.of(second);
    } finally {
      end(running, place);
    }
  }

  private List<Measurement> tiny(int round) throws Exception {
    inputs.upload("tiny");
    target.reset();
    Space place = places.get();
    inputs.copy("tiny", place, "visits/");
    Input input = inputs.get("tiny");
    List<Application> running = new ArrayList<>();
    try {
      running.add(Application.run(target, place, "app-tiny", Map.of()));
      Meter meter = new Meter(target, List.of(running.get(0).pid()));
      Instant loaded = awaitLoaded(running, input.files().size());
      Instant begun =
          target
              .space()
              .sql()
              .sql("select min(started_at) from ingest.object")
              .query(Timestamp.class)
              .single()
              .toInstant();
      Measurement measured =
          meter.read("app-tiny cold", round, input.lines(), seconds(begun, loaded));
      check(measured.way(), input, 1);
      return List.of(measured);
    } finally {
      end(running, place);
    }
  }

  /**
   * @param nth object of this content that the process loads
   */
  private Measurement load(
      String way,
      int round,
      List<Application> running,
      Space place,
      String input,
      int nth,
      Input expected)
      throws InterruptedException {
    Meter meter = new Meter(target, running.stream().map(Application::pid).toList());
    Instant uploaded = inputs.copy(input, place, "visits/%d/".formatted(nth));
    Instant loaded = awaitLoaded(running, (long) nth * expected.files().size());
    Measurement measured = meter.read(way, round, expected.lines(), seconds(uploaded, loaded));
    check(way, expected, nth);
    return measured;
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e9;
  }

  /** When the last of so many objects was loaded. */
  private Instant awaitLoaded(List<Application> running, long count) throws InterruptedException {
    Space space = target.space();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (space.number("select count(*) from ingest.object where state = 'loaded'") < count) {
      if (System.nanoTime() > deadline
          || !running.stream().allMatch(one -> one.isRunning())
          || space.number("select count(*) from ingest.object where state = 'failed'") > 0) {
        throw new IllegalStateException(
            "not all %d objects are loaded; see %s".formatted(count, running.get(0).log()));
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return space
        .sql()
        .sql("select max(loaded_at) from ingest.object")
        .query(Timestamp.class)
        .single()
        .toInstant();
  }

  /** Rows, and that the ledger accounts for every line of all objects so far. */
  private void check(String way, Input expected, int loads) {
    target.check(way, expected);
    Map<String, Long> rejected = new TreeMap<>();
    target
        .space()
        .sql()
        .sql("select reason, count(*) as n from ingest.rejected_line group by reason")
        .query()
        .listOfRows()
        .forEach(row -> rejected.put((String) row.get("reason"), (Long) row.get("n") / loads));
    if (!rejected.equals(expected.rejected())) {
      throw new IllegalStateException(
          "%s: rejected %s instead of %s".formatted(way, rejected, expected.rejected()));
    }
    Target.check(
        way,
        "lines in the ledger",
        loads * expected.lines(),
        target.space().number("select sum(rows + rejected) from ingest.object"));
  }

  private static void awaitIdle(List<Application> running) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      double before = cpu(running);
      TimeUnit.MILLISECONDS.sleep(IDLE_MILLIS);
      if (cpu(running) - before <= IDLE_CPU_SECONDS * running.size()) {
        return;
      }
    }
    throw new IllegalStateException("the application is never idle");
  }

  private static double cpu(List<Application> running) {
    return running.stream().mapToDouble(one -> new ProcessTree(one.pid()).cpuSeconds()).sum();
  }

  private void end(List<Application> running, Space place) throws InterruptedException {
    for (Application one : running) {
      one.stop();
    }
    inputs.clear(place);
  }
}
