package io.github.camelingest.app;

import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;

/** Makes Camel contexts in which routes are tried: with the same beans, and nothing to watch. */
final class TrialContexts implements Supplier<CamelContext> {

  private final Properties placeholders;
  private final CamelConfiguration beans;
  private final Map<String, Object> clients;

  /**
   * @param beans which load nothing
   * @param clients more beans, by name
   */
  TrialContexts(Properties placeholders, CamelConfiguration beans, Map<String, Object> clients) {
    this.placeholders = placeholders;
    this.beans = beans;
    this.clients = clients;
  }

  @Override
  public CamelContext get() {
    DefaultCamelContext context = new DefaultCamelContext(false);
    try {
      context.disableJMX();
      context.getPropertiesComponent().setOverrideProperties(placeholders);
      clients.forEach(context.getRegistry()::bind);
      beans.configure(context);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return context;
  }
}
