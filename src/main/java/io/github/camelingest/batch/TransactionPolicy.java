package io.github.camelingest.batch;

import io.github.camelingest.ledger.Outages;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.util.ObjectHelper;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs the steps inside it in one database transaction, which rolls back if one of them fails.
 * Where the database was away, they are run again. Thread-safe.
 */
public final class TransactionPolicy implements Policy {

  private final TransactionTemplate transaction;
  private final DataSource dataSource;
  private final Outages outages;

  public TransactionPolicy(
      PlatformTransactionManager transactions, DataSource dataSource, Outages outages) {
    this.transaction = new TransactionTemplate(transactions);
    this.dataSource = dataSource;
    this.outages = outages;
  }

  @Override
  public void beforeWrap(Route route, NamedNode definition) {
    // nothing to prepare: the steps are wrapped as they are
  }

  @Override
  public Processor wrap(Route route, Processor steps) {
    return exchange -> {
      try {
        transact(steps, exchange);
      } catch (RuntimeException e) {
        BeginAnewException anew = ObjectHelper.getException(BeginAnewException.class, e);
        if (anew == null) {
          throw e;
        }
        outages.outlast(
            attempt -> {
              transaction.executeWithoutResult(status -> anew.inDatabase().run());
              return null;
            });
        anew.inMemory().run();
        transact(steps, exchange);
      }
    };
  }

  private void transact(Processor steps, Exchange exchange) {
    outages.outlast(
        attempt -> {
          transaction.executeWithoutResult(
              status -> {
                takeAnyTime();
                run(steps, exchange);
              });
          return null;
        });
  }

  /** Its statements may work on a whole object; the pool sets the limit again. */
  private void takeAnyTime() {
    Connection connection = DataSourceUtils.getConnection(dataSource);
    try {
      connection.setNetworkTimeout(Runnable::run, 0);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } finally {
      DataSourceUtils.releaseConnection(connection, dataSource);
    }
  }

  /**
   * Runs the steps on this thread, which has the transaction, and throws what they fail with: then
   * the exchange is as it was before.
   */
  static void run(Processor steps, Exchange exchange) {
    // A failure leaves marks in an exchange, which would end the steps of the next attempt.
    Exchange attempt = ExchangeHelper.createCopy(exchange, true);
    attempt.getExchangeExtension().setTransacted(true);
    try {
      steps.process(attempt);
    } catch (Exception e) {
      attempt.setException(e);
    }
    Exception failure = attempt.getException();
    if (failure != null) {
      throw failure instanceof RuntimeException runtime
          ? runtime
          : new IllegalStateException(failure);
    }
    ExchangeHelper.copyResults(exchange, attempt);
  }
}
