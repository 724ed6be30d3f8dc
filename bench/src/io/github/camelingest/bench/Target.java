package io.github.camelingest.bench;

import io.github.camelingest.it.Space;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The database that everybody loads into, with the schema that the application has made. */
final class Target {

  /** All columns of fsm.visit. */
  static final String COLUMNS =
      "task_id, visit_no, node_id, visit_date, original_reported_date, node_age, node_type, task_type,"
          + " engineer_skill_level, outcome, note_tokens, rest, object_id, line";

  private static final Pattern URL = Pattern.compile("jdbc:postgresql://([^:]+):(\\d+)/(.+)");

  private final Space space;
  private final Path data;
  private final ProcessTree server;

  /**
   * @param data the folder of the stack
   */
  Target(Space space, Path data) throws IOException {
    this.space = space;
    this.data = data;
    Path pid = data.resolve("postgres").resolve("postmaster.pid");
    server = new ProcessTree(Long.parseLong(Files.readAllLines(pid).get(0).strip()));
  }

  Space space() {
    return space;
  }

  /** Where logs and pipes may go. */
  Path folder() {
    return data;
  }

  ProcessTree server() {
    return server;
  }

  /** How libpq's programs and peers in Java find the database. */
  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    space
        .environment()
        .forEach(
            (name, value) -> {
              if (name.startsWith("INGEST_DB_")) {
                environment.put(name, value);
              }
            });
    Matcher url = URL.matcher(space.environment().get("INGEST_DB_URL"));
    if (!url.matches()) {
      throw new IllegalStateException(
          "no host, port and database in " + space.environment().get("INGEST_DB_URL"));
    }
    environment.put("PGHOST", url.group(1));
    environment.put("PGPORT", url.group(2));
    environment.put("PGDATABASE", url.group(3));
    environment.put("PGUSER", space.environment().get("INGEST_DB_USER"));
    environment.put("PGPASSWORD", space.environment().get("INGEST_DB_PASSWORD"));
    environment.put("PGOPTIONS", "-c client_min_messages=warning");
    return environment;
  }

  /** Bytes written ahead since the server was made. */
  long wal() {
    return space.number("select (pg_current_wal_lsn() - '0/0')::bigint");
  }

  /** Empties everything, ledger included, and leaves nothing for the server to do. */
  void reset() {
    space.sql().sql("truncate fsm.visit, fsm.visit_corrected, ingest.object cascade").update();
    asSuperuser("checkpoint");
  }

  /** Empties the visits only, and leaves nothing for the server to do. */
  void resetVisits() {
    space.sql().sql("truncate fsm.visit, fsm.visit_corrected").update();
    asSuperuser("checkpoint");
  }

  private void asSuperuser(String statement) {
    try (Connection connection =
            DriverManager.getConnection(
                space.environment().get("INGEST_DB_URL"),
                "postgres",
                space.environment().get("INGEST_DB_PASSWORD"));
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(statement + ": " + e.getMessage(), e);
    }
  }

  /**
   * Checks what is in fsm.visit.
   *
   * @throws IllegalStateException if it is anything else; the benchmark is worth nothing then
   */
  void check(String way, Input expected) {
    Map<String, Object> found =
        space
            .sql()
            .sql(
                "select count(*) as rows, coalesce(sum(cardinality(note_tokens)), 0) as words,"
                    + " count(rest) as rests from fsm.visit")
            .query()
            .singleRow();
    check(way, "rows", expected.rows(), (Number) found.get("rows"));
    check(way, "words", expected.words(), (Number) found.get("words"));
    check(way, "rows with a rest", expected.rests(), (Number) found.get("rests"));
  }

  static void check(String way, String what, long expected, Number found) {
    if (!Objects.equals(expected, found.longValue())) {
      throw new IllegalStateException(
          "%s: %,d %s instead of %,d".formatted(way, found.longValue(), what, expected));
    }
  }

  /** A setting of the server. */
  String setting(String name) {
    return space.text("select current_setting('%s')".formatted(name));
  }
}
