package io.github.camelingest.app;

import io.github.camelingest.ledger.Figures;
import io.github.camelingest.ledger.Outages;
import io.github.camelingest.management.Health;
import io.github.camelingest.management.Jolokia;
import io.github.camelingest.management.LedgerView;
import io.github.camelingest.management.ManagementServer;
import io.github.camelingest.management.Metrics;
import io.github.camelingest.management.Watch;
import io.github.camelingest.routes.Edits;
import java.util.concurrent.ThreadPoolExecutor;
import javax.sql.DataSource;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What whoever watches the running application can ask for by HTTP and JMX. */
final class Watching implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Watching.class);

  private final Settings settings;
  private final LedgerView ledger;
  private final Metrics metrics;
  private final Watch watch;
  private Jolokia jolokia;

  Watching(
      Settings settings,
      DataSource database,
      Outages outages,
      Edits edits,
      ThreadPoolExecutor writers) {
    this.settings = settings;
    ledger = new LedgerView(new Figures(database)::read);
    metrics = new Metrics(ledger, outages, edits, writers);
    watch = new Watch(metrics, ledger, outages, edits);
  }

  /** Counts batches. */
  Metrics metrics() {
    return metrics;
  }

  /** Has the application tell what it is at, before its routes start. */
  void configure(Main main) {
    main.configure().addConfiguration(watch);
    main.configure()
        .health()
        // A consumer that has not asked yet may still be waiting for its first answer.
        .withInitialState("UP")
        // There is a check of ours for all of them.
        .withRoutesEnabled(false)
        .setConsumersEnabled(false);
  }

  /** Lets others ask, once the routes run. */
  void serve(ManagementServer server, Main main) {
    server.serve(Health.PATH, new Health(main.getCamelContext()));
    server.serve(Metrics.PATH, metrics);
    serveJolokia(server);
  }

  private void serveJolokia(ManagementServer server) {
    String password = settings.managementPassword();
    if (!server.isOnLoopback() && password.isEmpty()) {
      LOG.info(
          "{} is off, since other machines reach {}; set INGEST_MANAGEMENT_PASSWORD, or INGEST_MANAGEMENT_HOST to 127.0.0.1",
          Jolokia.PATH,
          server.address());
      return;
    }
    jolokia = new Jolokia();
    if (password.isEmpty()) {
      server.serve(Jolokia.PATH, jolokia);
    } else {
      server.serve(Jolokia.PATH, jolokia, password);
    }
  }

  @Override
  public void close() {
    if (jolokia != null) {
      jolokia.close();
    }
    metrics.close();
    ledger.close();
  }
}
