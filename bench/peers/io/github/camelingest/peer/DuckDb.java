package io.github.camelingest.peer;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;

/**
 * DuckDB reads a file of visits and writes it as CSV, here into a pipe that psql's {@code \copy}
 * reads. Of fields that have no column it knows nothing.
 */
public final class DuckDb {

  private static final String COPY =
      """
      copy (
        select
          substr(task_id, 5)::integer, visit_id, substr(node_id, 5)::integer,
          "visit_date:"::timestamp, original_reported_date::timestamp, node_age,
          substr(node_type, 5)::integer, substr(task_type, 5)::integer,
          substr(engineer_skill_level, 6)::integer, outcome,
          '{' || replace(engineer_note, ' ', ',') || '}',
          null, 1, row_number() over ()
        from read_json('%s', format = 'newline_delimited', columns = {
          task_id: 'varchar', node_id: 'varchar', visit_id: 'integer', 'visit_date:': 'varchar',
          original_reported_date: 'varchar', node_age: 'integer', node_type: 'varchar',
          task_type: 'varchar', engineer_skill_level: 'varchar', engineer_note: 'varchar',
          outcome: 'varchar'
        })
      ) to '%s' (format csv, header false, use_tmp_file false)""";

  private DuckDb() {}

  public static void main(String[] arguments) throws Exception {
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      statement.execute("set threads = 1");
      statement.execute("set memory_limit = '128MB'");
      Peer.ready();
      statement.execute(COPY.formatted(arguments[0], arguments[1]));
      Peer.done();
    }
  }
}
