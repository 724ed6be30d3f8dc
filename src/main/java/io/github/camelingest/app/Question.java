package io.github.camelingest.app;

import static org.springframework.core.NestedExceptionUtils.getMostSpecificCause;

import com.zaxxer.hikari.HikariDataSource;
import io.github.camelingest.ledger.Outages;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.transaction.TransactionException;

/** A question to the ledger, for whoever starts nothing. */
@FunctionalInterface
public interface Question<T> {

  /**
   * @param outages nobody waits in: where the database is away, the question fails
   */
  T ask(DataSource database, Outages outages);

  /**
   * Asks it.
   *
   * @throws SetupException if the database does not let us in, or has no ledger
   */
  static <T> T ask(Settings settings, Question<T> question) {
    settings.check();
    new StartChecks(settings).database();
    Outages nobodyWaits = new Outages();
    nobodyWaits.stop();
    try (HikariDataSource database = Clients.database(settings)) {
      return question.ask(database, nobodyWaits);
    } catch (BadSqlGrammarException e) {
      if (Migrations.FORBIDDEN.equals(e.getSQLException().getSQLState())) {
        throw new SetupException(
            "'%s' may not read the ledger in the database %s: %s; change INGEST_DB_USER (%s)"
                .formatted(
                    settings.dbUser(),
                    settings.dbPlace(),
                    e.getSQLException().getMessage(),
                    settings.source("ingest.db.user")),
            e);
      }
      throw new SetupException(
          "the database %s has no ledger yet, or one of an earlier version; camel-ingest makes it when it loads; or change INGEST_DB_URL (%s)"
              .formatted(settings.dbPlace(), settings.source("ingest.db.url")),
          e);
    } catch (DataAccessException | TransactionException e) {
      throw new SetupException(
          "the database %s does not answer any more: %s"
              .formatted(settings.dbPlace(), getMostSpecificCause(e).getMessage()),
          e);
    }
  }
}
