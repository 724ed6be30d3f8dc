package io.github.camelingest.app;

import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.model.RedeliveryPolicyDefinition;
import org.apache.camel.model.errorhandler.DefaultErrorHandlerDefinition;

/**
 * Keeps Camel from logging a failed exchange at each level it passes; the load that failed says so
 * once.
 */
final class QuietErrors extends MainListenerSupport {

  @Override
  public void beforeConfigure(BaseMainSupport main) {
    RedeliveryPolicyDefinition policy = new RedeliveryPolicyDefinition();
    policy.setLogExhausted("false");
    DefaultErrorHandlerDefinition quiet = new DefaultErrorHandlerDefinition();
    quiet.setRedeliveryPolicy(policy);
    main.getCamelContext().getCamelContextExtension().setErrorHandlerFactory(quiet);
  }
}
