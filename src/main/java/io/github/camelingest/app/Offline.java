package io.github.camelingest.app;

import io.github.camelingest.ledger.BatchWitness;
import io.github.camelingest.ledger.Outages;
import io.github.camelingest.load.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** What routes find in the application, without its servers: whoever asks for one fails. */
public final class Offline {

  /** Stands for the bucket where none is set, since sources name one. */
  private static final String ANY_BUCKET = "bucket";

  private Offline() {}

  /**
   * A context that is not started, with the application's beans and placeholders and without
   * routes.
   *
   * @param writers take batches
   * @throws SetupException if a setting that routes or beans need is wrong
   */
  public static CamelContext context(Settings settings, ExecutorService writers) {
    CamelContext context =
        contexts(settings, writers, Map.of("ingest.discovery", "none"), Map.of()).get();
    context.setStreamCaching(false);
    // Nobody waits for what a failed rehearsal has left.
    context.getShutdownStrategy().setTimeout(1);
    context.getShutdownStrategy().setLogInflightExchangesOnTimeout(false);
    return context;
  }

  /**
   * @param more placeholders
   * @param clients more beans, by name
   */
  static TrialContexts contexts(
      Settings settings,
      ExecutorService writers,
      Map<String, String> more,
      Map<String, Object> clients) {
    Properties placeholders = settings.placeholders();
    placeholders.putAll(more);
    placeholders.setProperty("ingest.sql", Home.location("sql"));
    if (settings.bucket().isEmpty()) {
      placeholders.setProperty("ingest.bucket", ANY_BUCKET);
    }
    Beans beans =
        new Beans(
            settings,
            (role, requesterPays) -> noServer("S3"),
            (role, requesterPays) -> noServer("S3"),
            new NoDatabase(),
            new Outages(),
            writers,
            Work.nothing(),
            BatchWitness.NOBODY);
    return new TrialContexts(placeholders, beans, clients);
  }

  private static <T> T noServer(String name) {
    throw new UnsupportedOperationException("there is no %s in a rehearsal".formatted(name));
  }

  private static final class NoDatabase extends AbstractDataSource {

    @Override
    public Connection getConnection() throws SQLException {
      return noServer("database");
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
      return noServer("database");
    }
  }
}
