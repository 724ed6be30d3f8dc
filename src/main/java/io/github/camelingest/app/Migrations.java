package io.github.camelingest.app;

import io.github.camelingest.routes.Folder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.apache.camel.util.ObjectHelper;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What brings the schemas up to date: the files in {@code sql/migrations}. */
final class Migrations {

  private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

  private static final String SCHEMA = "ingest";
  private static final String FOLDER = "sql/migrations";

  /** insufficient_privilege */
  static final String FORBIDDEN = "42501";

  /** Flyway's record of the files that it ran; that it made the schema stands there, too. */
  private static final String HISTORY =
      "select script, checksum, success from "
          + SCHEMA
          + ".flyway_schema_history where type <> 'SCHEMA'";

  private Migrations() {}

  /**
   * Whether Flyway would find nothing to do and nothing wrong: it has run these files and no
   * others, as they are. It takes a tenth of the start to say so itself; where this is false, it
   * decides.
   */
  static boolean areApplied(Connection database) {
    try {
      boolean applied = files().equals(history(database));
      LOG.debug("the schemas are {}", applied ? "up to date" : "not what the migrations make");
      return applied;
    } catch (IOException | SQLException e) {
      LOG.debug("Flyway has to look at the schemas: {}", e.getMessage());
      return false;
    }
  }

  private static Map<String, Integer> files() throws IOException {
    Map<String, Integer> files = new HashMap<>();
    Folder migrations = Home.folder(FOLDER);
    for (String name : migrations.files(".sql")) {
      files.put(name, checksum(migrations.open(name)));
    }
    return files;
  }

  /** As Flyway has it: of the lines without their ends (its {@code ChecksumCalculator}). */
  private static int checksum(InputStream content) throws IOException {
    CRC32 checksum = new CRC32();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(content, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        checksum.update(line.getBytes(StandardCharsets.UTF_8));
      }
    }
    return (int) checksum.getValue();
  }

  private static Map<String, Integer> history(Connection database) throws SQLException {
    Map<String, Integer> history = new HashMap<>();
    try (Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery(HISTORY)) {
      while (rows.next()) {
        history.put(
            rows.getString("script"), rows.getBoolean("success") ? rows.getInt("checksum") : null);
      }
    }
    return history;
  }

  /**
   * Brings the schemas up to date, as the user whom the settings name for it.
   *
   * @throws SetupException if a migration fails; it is rolled back
   */
  static void apply(Settings settings) {
    String location = Home.location("sql");
    try {
      Flyway.configure()
          .dataSource(settings.dbUrl(), settings.migrationUser(), settings.migrationPassword())
          .locations((location + "/migrations").replaceFirst("^file:", "filesystem:"))
          .schemas(SCHEMA)
          .loggers("slf4j")
          .load()
          .migrate();
    } catch (FlywayException e) {
      // What PostgreSQL said, where it was PostgreSQL; Flyway tells it over many lines.
      SQLException refusal = ObjectHelper.getException(SQLException.class, e);
      throw new SetupException(
          "the migrations in %s/migrations, run by '%s', do not fit the database %s: %s%s"
              .formatted(
                  location,
                  settings.migrationUser(),
                  settings.dbPlace(),
                  (refusal == null ? e : refusal).getMessage(),
                  refusal != null && FORBIDDEN.equals(refusal.getSQLState())
                      ? "; INGEST_DB_MIGRATION_USER names who may change the schemas"
                      : ""),
          e);
    }
  }
}
