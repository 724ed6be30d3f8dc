package io.github.camelingest.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Where the rows of a batch are handed to PostgreSQL: the temporary table {@code <dataset>_batch},
 * for the steps that work on them, or a table that they go to as they are. Belongs to one
 * transaction, whose end empties the temporary table.
 */
final class BatchTable {

  /**
   * So many deleted rows take longer to be read over, by each statement, than to be truncated away,
   * after which PostgreSQL plans the steps' statements anew.
   */
  private static final int MANY_DELETED = 250;

  private static final String UNIQUE_VIOLATION = "23505";

  private final RowBatch batch;
  private final DataSource dataSource;
  private final String name;

  private boolean created;

  /** Rows put in since it was truncated: deleted ones still have to be read over. */
  private int rows;

  BatchTable(RowBatch batch, DataSource dataSource) {
    this.batch = batch;
    this.dataSource = dataSource;
    this.name = name(batch.dataset());
  }

  /** Makes it where the connection has none yet: before any savepoint, whose end might take it. */
  void create() {
    execute(statement -> statement.execute(creation(batch.dataset(), batch.columns())));
    created = true;
  }

  /**
   * The statement that makes the table of a dataset.
   *
   * @param columns as {@code create table} wants them
   */
  static String creation(String dataset, String columns) {
    return "create temporary table if not exists %s (%s) on commit delete rows"
        .formatted(name(dataset), columns);
  }

  /** What the table of a dataset is called. */
  static String name(String dataset) {
    return dataset + "_batch";
  }

  /** Makes the rows that steps work on its content, in place of others. */
  void fill() {
    if (!created) {
      create();
    }
    execute(
        statement -> {
          if (rows >= MANY_DELETED) {
            statement.execute("truncate pg_temp." + name);
            rows = 0;
          } else if (rows > 0) {
            statement.execute("delete from pg_temp." + name);
          }
          rows += batch.working();
          copy(statement.getConnection(), "pg_temp." + name);
          return rows;
        });
  }

  /**
   * Adds the rows that steps work on to another table; leaves it as it was where one of them has a
   * key that is there already.
   *
   * @return whether they are in
   */
  boolean copyInto(String table) {
    return execute(
        statement -> {
          Connection connection = statement.getConnection();
          Savepoint before = connection.setSavepoint();
          try {
            copy(connection, table);
          } catch (SQLException e) {
            if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
              throw e;
            }
            connection.rollback(before);
            return false;
          }
          connection.releaseSavepoint(before);
          return true;
        });
  }

  /** Something to do with the connection of the transaction. */
  private interface Work<T> {
    T with(Statement statement) throws SQLException;
  }

  private <T> T execute(Work<T> work) {
    Connection connection = DataSourceUtils.getConnection(dataSource);
    try (Statement statement = connection.createStatement()) {
      return work.with(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(
          "%s: the rows cannot be handed to PostgreSQL: %s".formatted(name, e.getMessage()), e);
    } finally {
      DataSourceUtils.releaseConnection(connection, dataSource);
    }
  }

  private void copy(Connection connection, String table) throws SQLException {
    CopyIn copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn(
                "copy %s (%s) from stdin (format binary)".formatted(table, batch.columnNames()));
    try {
      batch.send(copy);
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }
}
