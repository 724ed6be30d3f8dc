package io.github.camelingest.routes;

import java.sql.Connection;
import java.sql.SQLException;

/** Where SQL is tried. */
public interface Database {

  /**
   * A connection of its own, to be closed.
   *
   * @throws SQLException soon, if PostgreSQL cannot be reached
   */
  Connection connect() throws SQLException;
}
