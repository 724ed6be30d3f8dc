package io.github.camelingest.management;

import io.github.camelingest.load.Load;
import io.github.camelingest.load.Loads;
import io.github.camelingest.load.ObjectsEndpoint;
import io.github.camelingest.load.StoppedException;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.spi.ManagementAgent;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.apache.camel.util.ObjectHelper;

/**
 * Watches the routes that load a dataset: counts how their loads end, and shows the dataset in JMX
 * as long as its route is there. Thread-safe.
 */
final class DatasetWatch implements RoutePolicyFactory {

  private final Metrics metrics;
  private final LedgerView ledger;

  DatasetWatch(Metrics metrics, LedgerView ledger) {
    this.metrics = metrics;
    this.ledger = ledger;
  }

  static ObjectName name(String keys) throws JMException {
    return new ObjectName("io.github.camelingest:" + keys);
  }

  @Override
  public RoutePolicy createRoutePolicy(CamelContext context, String routeId, NamedNode definition) {
    return new Policy();
  }

  private final class Policy extends RoutePolicySupport {

    @Override
    public void onInit(Route route) {
      if (route.getEndpoint() instanceof ObjectsEndpoint objects) {
        metrics.of(objects.getDataset());
      }
    }

    @Override
    public void onStart(Route route) {
      if (route.getEndpoint() instanceof ObjectsEndpoint objects) {
        show(route, objects.getDataset());
      }
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
      if (route.getEndpoint() instanceof ObjectsEndpoint objects) {
        end(
            metrics.of(objects.getDataset()),
            exchange.getProperty(Loads.LOAD, Load.class),
            exchange.getException());
      }
    }

    private void end(DatasetMeters meters, Load load, Exception failure) {
      if (failure == null && load.isEnded()) {
        if (load.isShown()) {
          meters.loaded(load);
        } else if (load.isRefused()) {
          meters.failed();
        }
      } else if (ObjectHelper.getException(StoppedException.class, failure) == null) {
        meters.failed();
      }
    }

    @Override
    public void onRemove(Route route) {
      if (route.getEndpoint() instanceof ObjectsEndpoint objects) {
        hide(route, objects.getDataset());
      }
    }

    private void show(Route route, String dataset) {
      try {
        agent(route).register(new DatasetBean(dataset, ledger), name(dataset), true);
      } catch (JMException e) {
        throw new IllegalStateException(e);
      }
    }

    private void hide(Route route, String dataset) {
      try {
        agent(route).unregister(name(dataset));
      } catch (JMException e) {
        throw new IllegalStateException(e);
      }
    }

    private static ManagementAgent agent(Route route) {
      return route.getCamelContext().getManagementStrategy().getManagementAgent();
    }

    private static ObjectName name(String dataset) throws JMException {
      return DatasetWatch.name("type=dataset,name=" + ObjectName.quote(dataset));
    }
  }
}
