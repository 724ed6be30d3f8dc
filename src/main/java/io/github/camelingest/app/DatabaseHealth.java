package io.github.camelingest.app;

import io.github.camelingest.ledger.Outages;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Health of the connection to PostgreSQL: down, with the reason, while loads wait for it. */
final class DatabaseHealth extends AbstractHealthCheck {

  private final Outages outages;

  DatabaseHealth(Outages outages) {
    super("camel-ingest", "database");
    this.outages = outages;
  }

  /** Whatever waits for the database goes on by itself: a start anew would not help. */
  @Override
  public boolean isLiveness() {
    return false;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    outages
        .current()
        .ifPresentOrElse(
            outage ->
                builder
                    .message("PostgreSQL is away, so loading waits for it: " + outage.reason())
                    .detail("since", outage.since().toString())
                    .down(),
            builder::up);
  }
}
