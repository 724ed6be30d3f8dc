package io.github.camelingest.management;

import io.github.camelingest.ledger.Outages;
import io.github.camelingest.routes.Edits;
import javax.management.JMException;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.component.micrometer.eventnotifier.MicrometerRouteEventNotifier;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyConfiguration;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyFactory;

/** Has Camel tell, by metrics, JMX and health checks, what its routes and the ledger are at. */
public final class Watch implements CamelConfiguration {

  private final Metrics metrics;
  private final LedgerView ledger;
  private final Outages outages;
  private final Edits edits;

  public Watch(Metrics metrics, LedgerView ledger, Outages outages, Edits edits) {
    this.metrics = metrics;
    this.ledger = ledger;
    this.outages = outages;
    this.edits = edits;
  }

  @Override
  public void configure(CamelContext context) throws Exception {
    context.addRoutePolicyFactory(routeMetrics());
    context.addRoutePolicyFactory(new DatasetWatch(metrics, ledger));
    MicrometerRouteEventNotifier routes = new MicrometerRouteEventNotifier();
    routes.setSkipCamelInfo(true);
    routes.setMeterRegistry(metrics.registry());
    context.getManagementStrategy().addEventNotifier(routes);
    // There is no agent before.
    context.addStartupListener((started, already) -> show(started));
    context.getRegistry().bind("routesHealth", new RoutesHealth(context, edits));
  }

  private void show(CamelContext context) throws JMException {
    context
        .getManagementStrategy()
        .getManagementAgent()
        .register(new LedgerBean(ledger, outages, edits), DatasetWatch.name("type=ledger"));
  }

  /** Of each route, not of each step: a step is a series for each of what is counted. */
  private MicrometerRoutePolicyFactory routeMetrics() {
    MicrometerRoutePolicyConfiguration configuration = new MicrometerRoutePolicyConfiguration();
    configuration.setContextEnabled(false);
    configuration.setExchangesSucceeded(false);
    configuration.setExternalRedeliveries(false);
    MicrometerRoutePolicyFactory factory = new MicrometerRoutePolicyFactory();
    factory.setMeterRegistry(metrics.registry());
    factory.setPolicyConfiguration(configuration);
    factory.setSkipCamelInfo(true);
    return factory;
  }
}
