package io.github.camelingest.rehearsal;

import io.github.camelingest.batch.BatchWriter;
import io.github.camelingest.batch.RowBatch;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;

/**
 * In the place of {@link BatchWriter}: the steps run without a transaction, and the loads are told
 * how their lines fared. Thread-safe.
 */
final class InertWriter implements Policy {

  @Override
  public void beforeWrap(Route route, NamedNode definition) {
    // nothing to prepare
  }

  @Override
  public Processor wrap(Route route, Processor steps) {
    return exchange -> {
      RowBatch batch = exchange.getMessage().getBody(RowBatch.class);
      Exception failure = batch.size() == 0 ? null : run(steps, exchange);
      if (failure == null) {
        batch.parts().forEach(part -> part.committed(0));
      } else {
        batch.parts().forEach(part -> part.failed(unchecked(failure)));
      }
    };
  }

  private static Exception run(Processor steps, Exchange exchange) {
    try {
      steps.process(exchange);
    } catch (Exception e) {
      return e;
    }
    return exchange.getException();
  }

  private static RuntimeException unchecked(Exception failure) {
    return failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
  }
}
