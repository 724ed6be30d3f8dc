package io.github.camelingest.app;

import io.github.camelingest.management.Jolokia;
import io.github.camelingest.management.ManagementServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What whoever watches the running application can ask for by HTTP. */
final class Watching implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Watching.class);

  private final Settings settings;
  private Jolokia jolokia;

  Watching(Settings settings) {
    this.settings = settings;
  }

  void serve(ManagementServer server) {
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
  }
}
