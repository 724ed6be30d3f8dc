package io.github.camelingest.management;

import io.github.camelingest.routes.Edits;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckAware;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Health of the routes, all in one check: down where one does not run that should, be it that it
 * was stopped or that an edit took it away, or where one cannot ask for what it loads. An edit that
 * was not taken is only told, since what ran before runs on.
 *
 * <p>Camel's own check of each route would keep a route that was replaced in memory.
 */
public final class RoutesHealth extends AbstractHealthCheck {

  private final CamelContext context;
  private final Edits edits;

  public RoutesHealth(CamelContext context, Edits edits) {
    super("camel-ingest", "routes");
    this.context = context;
    this.edits = edits;
  }

  @Override
  public boolean isLiveness() {
    return false;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    Map<String, String> down = new TreeMap<>();
    for (Route route : context.getRoutes()) {
      ServiceStatus status = context.getRouteController().getRouteStatus(route.getId());
      if (status != ServiceStatus.Started) {
        down.put(route.getId(), String.valueOf(status));
      } else {
        fault(route, options).ifPresent(why -> down.put(route.getId(), why));
      }
      builder.detail("route." + route.getId(), down.getOrDefault(route.getId(), status.name()));
    }
    edits.stopped().forEach(id -> down.put(id, "an edit took it away"));
    edits
        .failure()
        .ifPresent(
            failure ->
                builder
                    .detail("edit", failure.message())
                    .detail("edit.at", failure.at().toString()));
    if (down.isEmpty()) {
      builder.up();
    } else {
      down.forEach((id, why) -> builder.detail("route." + id, why));
      builder.message("these routes do not load: " + down).down();
    }
  }

  private static Optional<String> fault(Route route, Map<String, Object> options) {
    if (route.getConsumer() instanceof HealthCheckAware aware && aware.getHealthCheck() != null) {
      HealthCheck.Result result = aware.getHealthCheck().call(options);
      if (result.getState() == HealthCheck.State.DOWN) {
        return Optional.of(result.getMessage().orElse("its consumer is down"));
      }
    }
    return Optional.empty();
  }
}
