package io.github.camelingest.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * How a peer and the benchmark that measures it talk: the peer says {@code ready}, waits for a
 * line, works, says {@code done} and waits for the end of its input.
 */
final class Peer {

  private static final BufferedReader IN =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

  private Peer() {}

  /** Says that everything is prepared; gives back when the measurement has begun. */
  static void ready() throws IOException {
    System.out.println("ready");
    IN.readLine();
  }

  /** Says that everything is committed; gives back when the measurement is over. */
  static void done() throws IOException {
    System.out.println("done");
    IN.readLine();
  }

  static String url() {
    return System.getenv("INGEST_DB_URL");
  }

  static String user() {
    return System.getenv("INGEST_DB_USER");
  }

  static String password() {
    return System.getenv("INGEST_DB_PASSWORD");
  }

  static Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), user(), password());
  }
}
