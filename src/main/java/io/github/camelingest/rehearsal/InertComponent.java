package io.github.camelingest.rehearsal;

import java.util.Map;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/**
 * In the place of a component that talks to the world: nothing comes from its endpoints, and what
 * is sent to them stays as it is. Thread-safe.
 */
final class InertComponent extends DefaultComponent {

  InertComponent() {
    // Camel would fill in what the component of that name needs.
    setAutowiredEnabled(false);
  }

  @Override
  protected Endpoint createEndpoint(String uri, String rest, Map<String, Object> parameters) {
    // Whether they are right is for the real component to say.
    parameters.clear();
    return new Inert(uri, this);
  }

  private static final class Inert extends DefaultEndpoint {

    Inert(String uri, InertComponent component) {
      super(uri, component);
    }

    @Override
    public Producer createProducer() {
      return new DefaultProducer(this) {
        @Override
        public void process(Exchange exchange) {
          // goes nowhere
        }
      };
    }

    @Override
    public Consumer createConsumer(Processor processor) {
      return new DefaultConsumer(this, processor);
    }
  }
}
