package io.github.camelingest.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.postgresql.PGConnection;

/**
 * The limit, and other ways to fill the same table: they read the plain file from the local disk,
 * which is less work than to get it from S3, and are ready when the measurement begins.
 */
final class PeerWays {

  /** What nothing that ends in this table can be faster than. */
  static final List<String> LIMIT = List.of("copy-1", "copy-2");

  private static final String PEERS = "io.github.camelingest.peer.";
  private static final Path SCRIPT = Path.of("bench", "peers", "psycopg.py");

  /** Flink's own share of memory does not fit into the application's heap. */
  static final List<String> FLINK_OPTIONS = List.of("-Xmx1g");

  /**
   * In the application's heap it spends its time on garbage, and runs out of memory now and then.
   */
  static final List<String> CAMEL_OPTIONS = List.of("-Xmx256m", "-XX:+UseSerialGC");

  private static final String ON_CONFLICT =
      """
      on conflict (task_id, visit_no) do update set
        node_id = excluded.node_id,
        visit_date = excluded.visit_date,
        original_reported_date = excluded.original_reported_date,
        node_age = excluded.node_age,
        node_type = excluded.node_type,
        task_type = excluded.task_type,
        engineer_skill_level = excluded.engineer_skill_level,
        outcome = excluded.outcome,
        note_tokens = excluded.note_tokens,
        rest = excluded.rest,
        object_id = excluded.object_id,
        line = excluded.line""";

  private static final String FROM_JSON =
      """
      insert into fsm.visit (%s)
      select
        substr(json ->> 'task_id', 5)::integer,
        (json ->> 'visit_id')::integer,
        substr(json ->> 'node_id', 5)::integer,
        (json ->> 'visit_date:')::timestamp,
        (json ->> 'original_reported_date')::timestamp,
        (json ->> 'node_age')::integer,
        substr(json ->> 'node_type', 5)::integer,
        substr(json ->> 'task_type', 5)::integer,
        substr(json ->> 'engineer_skill_level', 6)::integer,
        json ->> 'outcome',
        string_to_array(json ->> 'engineer_note', ' ')::integer[],
        nullif(json - '{task_id,visit_id,node_id,visit_date:,original_reported_date,node_age,node_type,task_type,engineer_skill_level,outcome,engineer_note}'::text[], '{}'),
        1,
        line
      from lines
      """
          .formatted(Target.COLUMNS);

  private final Target target;
  private final Inputs inputs;

  /** Jars and classes of the peers, if they are built. */
  private final Optional<String> classPath;

  PeerWays(Target target, Inputs inputs, Optional<String> classPath) {
    this.target = target;
    this.inputs = inputs;
    this.classPath = classPath;
  }

  List<Way> limit() {
    return List.of(
        new Way(
            "copy-1",
            "binary `\\copy` of ready rows, one connection",
            round -> limit("copy-1", round, List.of("ready"))),
        new Way(
            "copy-2",
            "the same, two connections with half of the rows each",
            round -> limit("copy-2", round, List.of("ready-1", "ready-2"))));
  }

  /** Those that can run here. */
  List<Way> peers() {
    List<Way> ways = new ArrayList<>();
    ways.add(
        new Way(
            "jsonb",
            "`\\copy` of the lines into a temporary jsonb table, INSERT ... SELECT ... ON CONFLICT",
            round -> one("jsonb", round, () -> List.of(Copying.client(target, "jsonb", jsonb())))));
    if (python().isPresent()) {
      ways.add(python("python-copy", "psycopg2, COPY, no conflicts handled", "copy"));
      ways.add(
          python("python-values", "psycopg2, execute_values ... ON CONFLICT", "execute_values"));
    }
    if (classPath.isPresent()) {
      ways.add(
          new Way(
              "duckdb",
              "DuckDB to CSV, piped into `\\copy`, no conflicts handled",
              round ->
                  duckDb(
                      "duckdb",
                      round,
                      pipe -> List.of(Copying.Step.copy(table(), pipe, "format csv")))));
      ways.add(
          new Way(
              "duckdb-upsert",
              "the same into a temporary table, INSERT ... SELECT ... ON CONFLICT",
              round -> duckDb("duckdb-upsert", round, PeerWays::staged)));
      ways.add(
          new Way(
              "camel",
              "plain Camel: tokenizer, aggregator, camel-sql with batch=true ... ON CONFLICT",
              round ->
                  one("camel", round, () -> List.of(java("camel", CAMEL_OPTIONS, "PlainCamel")))));
      ways.add(
          flink(
              "flink",
              "Flink as its documentation has it: batches of 1,000, ON CONFLICT",
              "simple"));
      ways.add(
          flink(
              "flink-tuned",
              "Flink with rewritten batches of 5,000, objects reused, ON CONFLICT",
              "tuned"));
      ways.add(
          new Way(
              "flink-words",
              "Flink, one row per word of a note as the earlier system had it, without a key",
              round ->
                  measure(
                      "flink-words",
                      round,
                      () -> List.of(java("flink-words", FLINK_OPTIONS, "FlinkJob", "words")),
                      () ->
                          Target.check(
                              "flink-words",
                              "rows",
                              inputs.plain().words(),
                              target.space().number("select count(*) from bench.visits")))));
    }
    return ways;
  }

  /** Why some are missing. */
  static List<String> missing(Optional<String> classPath) {
    List<String> reasons = new ArrayList<>();
    if (python().isEmpty()) {
      reasons.add("python-copy and python-values are left out: no python3 here imports psycopg2");
    }
    if (classPath.isEmpty()) {
      reasons.add("duckdb, camel and flink are left out: bench/pom.xml is not built");
    }
    reasons.add("Spark is left out: no module of this benchmark brings it");
    return reasons;
  }

  /** Makes the rows that the limit copies, from what the jsonb way loads. */
  void prepare() throws Exception {
    try (Connection connection = target.space().connection();
        var statement = connection.createStatement()) {
      statement.execute("create schema bench");
      // What the view public.visits shows, as a table.
      statement.execute("create table bench.visits (like public.visits)");
    }
    one("jsonb", 0, () -> List.of(Copying.client(target, "jsonb", jsonb())));
    long half = inputs.plain().lines() / 2;
    write("ready", "true");
    write("ready-1", "line <= " + half);
    write("ready-2", "line > " + half);
  }

  private void write(String name, String condition) throws Exception {
    try (Connection connection = target.space().connection();
        OutputStream out = Files.newOutputStream(folder().resolve(name))) {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyOut(
              "copy (select %s from fsm.visit where %s order by line) to stdout with (format binary)"
                  .formatted(Target.COLUMNS, condition),
              out);
    }
  }

  private interface Clients {
    List<Client> start() throws IOException;
  }

  private interface Check {
    void run() throws IOException;
  }

  private List<Measurement> limit(String name, int round, List<String> files) throws Exception {
    return one(
        name,
        round,
        () -> {
          List<Client> clients = new ArrayList<>();
          for (String file : files) {
            clients.add(
                Copying.client(
                    target,
                    name,
                    List.of(Copying.Step.copy(table(), folder().resolve(file), "format binary"))));
          }
          return clients;
        });
  }

  private Path folder() {
    return target.folder().toAbsolutePath().resolve("input");
  }

  private static String table() {
    return "fsm.visit (%s)".formatted(Target.COLUMNS);
  }

  private List<Copying.Step> jsonb() throws IOException {
    return List.of(
        Copying.Step.of(
            "create temporary table lines (line bigint generated always as identity, json jsonb)"),
        // One column of text as it is: neither character is in JSON.
        Copying.Step.copy(
            "lines (json)", plain(), "format csv, quote e'\\x01', delimiter e'\\x02'"),
        Copying.Step.of(FROM_JSON + ON_CONFLICT));
  }

  private static List<Copying.Step> staged(Path pipe) {
    return List.of(
        Copying.Step.of("create temporary table rows (like fsm.visit)"),
        Copying.Step.copy("rows (%s)".formatted(Target.COLUMNS), pipe, "format csv"),
        Copying.Step.of(
            "insert into fsm.visit (%1$s) select %1$s from rows ".formatted(Target.COLUMNS)
                + ON_CONFLICT));
  }

  private Path plain() throws IOException {
    return inputs.plain().files().get(0).toAbsolutePath();
  }

  private Way flink(String name, String description, String kind) {
    return new Way(
        name,
        description,
        round -> one(name, round, () -> List.of(java(name, FLINK_OPTIONS, "FlinkJob", kind))));
  }

  private Way python(String name, String description, String kind) {
    return new Way(
        name,
        description,
        round ->
            one(
                name,
                round,
                () ->
                    List.of(
                        Client.peer(
                            target,
                            name,
                            List.of(
                                python().orElseThrow(),
                                SCRIPT.toString(),
                                kind,
                                plain().toString())))));
  }

  /** A Python that has psycopg2. */
  static Optional<String> python() {
    for (String python : List.of("python3", "/usr/bin/python3")) {
      try {
        Process process =
            new ProcessBuilder(python, "-c", "import psycopg2.extras")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() == 0) {
          return Optional.of(python);
        }
      } catch (IOException e) {
        // There is no such program.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return Optional.empty();
  }

  private List<Measurement> duckDb(String name, int round, Function<Path, List<Copying.Step>> steps)
      throws Exception {
    Path pipe = folder().resolve("pipe");
    Files.deleteIfExists(pipe);
    if (new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start().waitFor() != 0) {
      throw new IllegalStateException("no pipe " + pipe);
    }
    return one(
        name,
        round,
        () ->
            List.of(
                Copying.client(target, name + " copy", steps.apply(pipe)),
                java(name, Java.OPTIONS, "DuckDb", pipe.toString())));
  }

  /** A peer of the module; the plain file is the argument behind its kind, or before its pipe. */
  private Client java(String name, List<String> options, String main, String... more)
      throws IOException {
    List<String> command = new ArrayList<>(Java.command(classPath.orElseThrow(), withLog(options)));
    command.add(PEERS + main);
    if (main.equals("FlinkJob")) {
      command.addAll(List.of(more));
      command.add(plain().toString());
    } else {
      command.add(plain().toString());
      command.addAll(List.of(more));
    }
    return Client.peer(target, name, command);
  }

  private static List<String> withLog(List<String> options) {
    List<String> all = new ArrayList<>(options);
    all.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    return all;
  }

  private List<Measurement> one(String name, int round, Clients clients) throws Exception {
    return measure(name, round, clients, () -> target.check(name, inputs.plain()));
  }

  private List<Measurement> measure(String name, int round, Clients starting, Check check)
      throws Exception {
    Input input = inputs.plain();
    target.space().sql().sql("truncate bench.visits").update();
    target.reset();
    List<Client> clients = starting.start();
    Measurement measured;
    try {
      for (Client client : clients) {
        client.awaitReady();
      }
      Meter meter = new Meter(target, clients.stream().map(Client::pid).toList());
      for (Client client : clients) {
        client.begin();
      }
      for (Client client : clients) {
        client.awaitDone();
      }
      measured = meter.read(name, round, input.lines(), meter.seconds());
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
    check.run();
    return List.of(measured);
  }
}
