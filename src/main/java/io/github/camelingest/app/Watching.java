package io.github.camelingest.app;

import io.github.camelingest.ledger.Figures;
import io.github.camelingest.ledger.Instance;
import io.github.camelingest.ledger.Outages;
import io.github.camelingest.ledger.StatusQuery;
import io.github.camelingest.management.Health;
import io.github.camelingest.management.Jolokia;
import io.github.camelingest.management.LedgerView;
import io.github.camelingest.management.ManagementServer;
import io.github.camelingest.management.Metrics;
import io.github.camelingest.management.StatusPage;
import io.github.camelingest.management.Watch;
import io.github.camelingest.routes.Edits;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What whoever watches the running application can ask for by HTTP and JMX. */
final class Watching implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Watching.class);

  private final Settings settings;
  private final ManagementServer server;
  private final DataSource database;
  private final LedgerView ledger;
  private final Metrics metrics;
  private final Watch watch;
  private Jolokia jolokia;
  private StatusPage page;

  private Watching(
      Settings settings,
      ManagementServer server,
      DataSource database,
      Outages outages,
      Edits edits,
      ThreadPoolExecutor writers) {
    this.settings = settings;
    this.server = server;
    this.database = database;
    ledger = new LedgerView(new Figures(database)::read);
    metrics = new Metrics(ledger, outages, edits, writers);
    watch = new Watch(metrics, ledger, outages, edits);
  }

  /**
   * Takes the port, so that one in use is told before anything is loaded; answers later.
   *
   * @return nothing where the settings want none
   * @throws SetupException if nothing can listen there
   */
  static Optional<Watching> listen(
      Settings settings,
      DataSource database,
      Outages outages,
      Edits edits,
      ThreadPoolExecutor writers) {
    if (settings.managementPort().isEmpty()) {
      return Optional.empty();
    }
    String host = settings.managementHost();
    int port = settings.managementPort().getAsInt();
    try {
      return Optional.of(
          new Watching(
              settings, new ManagementServer(host, port), database, outages, edits, writers));
    } catch (IOException e) {
      throw new SetupException(
          "nothing can listen at port %d of %s: %s; change INGEST_MANAGEMENT_PORT (%s), 0 for any free port, or INGEST_MANAGEMENT_HOST (%s)"
              .formatted(
                  port,
                  host,
                  e.getMessage(),
                  settings.source("ingest.management.port"),
                  settings.source("ingest.management.host")),
          e);
    }
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

  /** Where others ask. */
  String address() {
    return server.address();
  }

  /**
   * Lets others ask, once the routes run.
   *
   * @param instance what this instance says of itself
   */
  void serve(CamelContext routes, Supplier<Instance> instance) {
    server.serve(Health.PATH, new Health(routes));
    server.serve(Metrics.PATH, metrics);
    serveJolokia();
    page = new StatusPage(() -> new StatusQuery(database).status(StatusPage.MINUTES), instance);
    server.serve("/", page);
    server.start();
    LOG.info("is watched at {}", server.address());
  }

  private void serveJolokia() {
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
    server.close();
    if (page != null) {
      page.close();
    }
    if (jolokia != null) {
      jolokia.close();
    }
    metrics.close();
    ledger.close();
  }
}
