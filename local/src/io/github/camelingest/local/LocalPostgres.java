package io.github.camelingest.local;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/**
 * PostgreSQL on loopback that can be stopped, killed and started again on the same port and data.
 * What it has committed is on disk. Thread-safe: one of these at a time.
 */
final class LocalPostgres implements AutoCloseable {

  static final String HOST = "127.0.0.1";

  private static final String SUPERUSER = "postgres";
  private static final Duration START_PATIENCE = Duration.ofSeconds(60);

  private final Path data;
  private final Path binaries;
  private final int port;
  private final String secret;

  /** Null while the server is down. */
  private EmbeddedPostgres server;

  private boolean closed;

  /**
   * @param data folder of its own; created if need be
   * @param binaries folder for the server's programs; created if need be
   * @param secret password of the superuser
   */
  LocalPostgres(Path data, Path binaries, int port, String secret) {
    this.data = data.toAbsolutePath();
    this.binaries = binaries.toAbsolutePath();
    this.port = port;
    this.secret = secret;
  }

  /** Starts the server, which recovers if it was killed; it answers when this returns. */
  synchronized void start() throws IOException, SQLException {
    if (closed) {
      throw new IllegalStateException("PostgreSQL is closed for good");
    }
    if (server != null) {
      return;
    }
    Postmaster.stop(data);
    boolean fresh = Files.notExists(data.resolve("postgresql.conf"));
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setPort(port)
            .setDataDirectory(data)
            .setOverrideWorkingDirectory(Files.createDirectories(binaries).toFile())
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setPGStartupWait(START_PATIENCE)
            .setLocaleConfig("locale", "C")
            .setServerConfig("listen_addresses", HOST)
            .setServerConfig("unix_socket_directories", "")
            .setServerConfig("max_wal_size", "1GB")
            .setServerConfig("log_statement", "none")
            // The embedded server starts without a password, and loses commits when it is killed.
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on");
    if (!fresh) {
      builder.setConnectConfig("password", secret);
    }
    server = builder.start();
    if (fresh) {
      protect();
    }
    checkDurable();
  }

  /** From now on everybody needs the password. */
  private void protect() throws IOException, SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("alter role %s password '%s'".formatted(SUPERUSER, secret));
      Files.writeString(data.resolve("pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
      statement.execute("select pg_reload_conf()");
    }
  }

  private void checkDurable() throws SQLException {
    try (Connection connection = connection();
        Statement statement = connection.createStatement()) {
      for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
        try (ResultSet result = statement.executeQuery("show " + setting)) {
          result.next();
          if (!result.getString(1).equals("on")) {
            throw new IllegalStateException(
                "PostgreSQL runs with %s %s".formatted(setting, result.getString(1)));
          }
        }
      }
    }
  }

  /** Stops the server without waiting for its clients, whose transactions are rolled back. */
  synchronized void stop() throws IOException {
    if (server != null) {
      Optional<Postmaster> postmaster = Postmaster.of(data);
      forget();
      postmaster.ifPresent(Postmaster::awaitEnd);
    }
  }

  /** Kills the server and all processes of it; they are gone when this returns. */
  synchronized void kill() throws IOException {
    if (server != null) {
      Postmaster.of(data).ifPresent(Postmaster::kill);
      forget();
    }
  }

  private void forget() throws IOException {
    server.close();
    server = null;
  }

  int port() {
    return port;
  }

  /** A connection of the superuser. */
  Connection connection() throws SQLException {
    return connection("postgres");
  }

  /** A connection of the superuser to a database. */
  Connection connection(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/%s".formatted(HOST, port, database), SUPERUSER, secret);
  }

  /** Stops the server, which cannot be started again. */
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    stop();
  }
}
