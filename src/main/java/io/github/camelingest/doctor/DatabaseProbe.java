package io.github.camelingest.doctor;

import io.github.camelingest.app.Settings;
import io.github.camelingest.app.SetupException;
import io.github.camelingest.app.StartChecks;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Whether the database lets us in, is one that will do, and has the schemas and roles it should.
 */
final class DatabaseProbe implements Probe {

  private static final String SUBJECT = "database";

  /** PostgreSQL 14, as it numbers itself. */
  private static final int OLDEST = 140_000;

  private static final int MEGABYTE = 1_000_000;

  private static final String FACTS =
      """
      select
        current_setting('server_version') as version, current_setting('server_version_num')::int as number,
        pg_is_in_recovery() as standby, pg_database_size(current_database()) as bytes, clock_timestamp() as now,
        exists (select from pg_available_extensions where name = 'intarray') as intarray,
        (select rolsuper from pg_roles where rolname = current_user) as superuser,
        coalesce((select has_schema_privilege(oid, 'create') from pg_namespace where nspname = 'ingest'), false) as changes
      """;

  private final Settings settings;
  private final StartChecks checks;

  private volatile boolean migrated;

  DatabaseProbe(Settings settings) {
    this.settings = settings;
    this.checks = new StartChecks(settings);
  }

  /** Whether the ledger can be asked. */
  boolean hasLedger() {
    return migrated;
  }

  @Override
  public void look(Consumer<Finding> out) {
    migrated = checks.database();
    try (Connection database = checks.login();
        Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery(FACTS)) {
      Instant now = Instant.now();
      row.next();
      server(row, out);
      schemas(row, out);
      roles(row, out);
      out.accept(Clock.compare("PostgreSQL", row.getTimestamp("now").toInstant(), now));
    } catch (SQLException e) {
      throw new SetupException(
          "PostgreSQL at %s does not answer: %s".formatted(settings.dbPlace(), e.getMessage()), e);
    }
  }

  private void server(ResultSet row, Consumer<Finding> out) throws SQLException {
    String version = row.getString("version");
    if (row.getInt("number") < OLDEST) {
      out.accept(
          Finding.fault(
              SUBJECT, "PostgreSQL %s at %s is too old; 14 will do", version, settings.dbPlace()));
    } else if (row.getBoolean("standby")) {
      out.accept(
          Finding.fault(
              SUBJECT,
              "%s is a standby, which nobody can write to; change INGEST_DB_URL to the primary",
              settings.dbPlace()));
    } else {
      out.accept(
          Finding.ok(
              SUBJECT,
              "PostgreSQL %s at %s, %,d MB",
              version,
              settings.dbPlace(),
              row.getLong("bytes") / MEGABYTE));
    }
  }

  private void schemas(ResultSet row, Consumer<Finding> out) throws SQLException {
    if (migrated) {
      out.accept(Finding.ok(SUBJECT, "the schemas are up to date"));
    } else if (!row.getBoolean("intarray")) {
      out.accept(
          Finding.fault(
              SUBJECT,
              "the extension intarray is not at hand, without which the schemas cannot be made; install PostgreSQL's contrib package"));
    } else {
      out.accept(
          Finding.warning(
              SUBJECT,
              "the schemas are not what sql/migrations makes; the next start brings them up to date, as '%s'",
              settings.migrationUser()));
    }
  }

  private void roles(ResultSet row, Consumer<Finding> out) throws SQLException {
    boolean separate = !settings.migrationUser().equals(settings.dbUser());
    if (row.getBoolean("superuser")) {
      out.accept(
          Finding.warning(
              "roles",
              "'%s' is a superuser, and may do anything to all databases; docs/model.md#roles names what it needs",
              settings.dbUser()));
    } else if (separate && row.getBoolean("changes")) {
      out.accept(
          Finding.warning(
              "roles",
              "'%s' may change the schemas, although INGEST_DB_MIGRATION_USER is there for that; sql/roles.sql takes it away",
              settings.dbUser()));
    } else {
      out.accept(
          Finding.ok(
              "roles",
              separate
                  ? "'%s' may write rows, and '%s' changes the schemas"
                  : "'%s' owns the schemas",
              settings.dbUser(),
              settings.migrationUser()));
    }
    if (separate) {
      try {
        checks.migrationLogin().close();
      } catch (SQLException e) {
        out.accept(
            Finding.fault(
                "roles",
                "'%s' is not let in: %s; check INGEST_DB_MIGRATION_USER and INGEST_DB_MIGRATION_PASSWORD",
                settings.migrationUser(),
                e.getMessage()));
      }
    }
  }
}
