package io.github.camelingest.batch;

import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs the steps inside it in one database transaction, which rolls back if one of them fails.
 * Thread-safe.
 */
public final class TransactionPolicy implements Policy {

  private final TransactionTemplate transaction;

  public TransactionPolicy(PlatformTransactionManager transactions) {
    this.transaction = new TransactionTemplate(transactions);
  }

  @Override
  public void beforeWrap(Route route, NamedNode definition) {
    // nothing to prepare: the steps are wrapped as they are
  }

  @Override
  public Processor wrap(Route route, Processor steps) {
    return exchange -> transaction.executeWithoutResult(status -> run(steps, exchange));
  }

  /** Runs the steps on this thread, which has the transaction, and throws what they fail with. */
  static void run(Processor steps, Exchange exchange) {
    exchange.getExchangeExtension().setTransacted(true);
    try {
      steps.process(exchange);
    } catch (Exception e) {
      exchange.setException(e);
    }
    Exception failure = exchange.getException();
    if (failure != null) {
      throw failure instanceof RuntimeException runtime
          ? runtime
          : new IllegalStateException(failure);
    }
  }
}
