package io.github.camelingest.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * The temporary table {@code <dataset>_batch} that rows of a batch stand in for the steps that work
 * on them. Belongs to one transaction, whose end empties it.
 */
final class BatchTable {

  /**
   * So many deleted rows take longer to be read over, by each statement, than to be truncated away,
   * after which PostgreSQL plans the steps' statements anew.
   */
  private static final int MANY_DELETED = 250;

  private final RowBatch batch;
  private final DataSource dataSource;
  private final String name;

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

  /**
   * Makes rows of the batch its content, in place of others.
   *
   * @param from the first, from 0
   * @param to behind the last
   */
  void fill(int from, int to) {
    execute(
        statement -> {
          if (rows >= MANY_DELETED) {
            statement.execute("truncate pg_temp." + name);
            rows = 0;
          } else if (rows > 0) {
            statement.execute("delete from pg_temp." + name);
          }
          rows += to - from;
          copy(statement.getConnection(), from, to);
        });
  }

  /** Something to do with the connection of the transaction. */
  private interface Work {
    void with(Statement statement) throws SQLException;
  }

  private void execute(Work work) {
    Connection connection = DataSourceUtils.getConnection(dataSource);
    try (Statement statement = connection.createStatement()) {
      work.with(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(
          "%s: the rows cannot be handed to PostgreSQL: %s".formatted(name, e.getMessage()), e);
    } finally {
      DataSourceUtils.releaseConnection(connection, dataSource);
    }
  }

  private void copy(Connection connection, int from, int to) throws SQLException {
    CopyIn copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn(
                "copy pg_temp.%s (%s) from stdin (format binary)"
                    .formatted(name, batch.columnNames()));
    try {
      batch.send(copy, from, to);
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }
}
