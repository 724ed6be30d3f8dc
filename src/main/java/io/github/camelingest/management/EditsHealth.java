package io.github.camelingest.management;

import io.github.camelingest.routes.Edits;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Health of what was edited: down where a route does not run that should, since neither the new one
 * nor that before could be started. An edit that was not taken is only told, since what ran before
 * it runs on.
 */
final class EditsHealth extends AbstractHealthCheck {

  private final Edits edits;

  EditsHealth(Edits edits) {
    super("camel-ingest", "edits");
    this.edits = edits;
  }

  @Override
  public boolean isLiveness() {
    return false;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    edits
        .failure()
        .ifPresent(
            failure ->
                builder
                    .detail("failed.edit", failure.message())
                    .detail("failed.at", failure.at().toString()));
    if (edits.stopped().isEmpty()) {
      builder.up();
    } else {
      builder
          .message("these routes do not run: " + String.join(", ", edits.stopped()))
          .detail("route.ids", String.join(", ", edits.stopped()))
          .down();
    }
  }
}
