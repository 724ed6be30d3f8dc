package io.github.camelingest.torture;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The rows of a query as UTF-8 text in the order of their bytes, read as they are taken. */
final class SortedRows implements AutoCloseable {

  private static final int FETCHED = 2_000;

  private final Connection connection;
  private final ResultSet rows;

  private SortedRows(Connection connection, ResultSet rows) {
    this.connection = connection;
    this.rows = rows;
  }

  /**
   * @param connection is closed with the rows
   * @param query one column of text, not sorted
   * @param parameters arrays of text
   */
  static SortedRows of(Connection connection, String query, String[]... parameters)
      throws SQLException {
    connection.setAutoCommit(false);
    try (Statement settings = connection.createStatement()) {
      settings.execute("set work_mem = '128MB'");
    }
    @SuppressWarnings("resource") // closed with the connection
    PreparedStatement statement =
        connection.prepareStatement(
            "select r from (%s) as q (r) order by r collate \"C\"".formatted(query));
    statement.setFetchSize(FETCHED);
    for (int i = 0; i < parameters.length; i++) {
      statement.setArray(i + 1, connection.createArrayOf("text", parameters[i]));
    }
    return new SortedRows(connection, statement.executeQuery());
  }

  /** The next row, or null. */
  byte[] next() throws SQLException {
    return rows.next() ? rows.getBytes(1) : null;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
