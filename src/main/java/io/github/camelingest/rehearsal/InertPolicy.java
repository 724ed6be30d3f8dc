package io.github.camelingest.rehearsal;

import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;

/** In the place of a transaction: the steps run as they are. Thread-safe. */
final class InertPolicy implements Policy {

  @Override
  public void beforeWrap(Route route, NamedNode definition) {
    // nothing to prepare
  }

  @Override
  public Processor wrap(Route route, Processor steps) {
    return steps;
  }
}
