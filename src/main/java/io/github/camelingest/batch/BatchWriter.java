package io.github.camelingest.batch;

import io.github.camelingest.ledger.Ledger;
import io.github.camelingest.ledger.Outages;
import io.github.camelingest.ledger.Progress;
import io.github.camelingest.load.Load;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Commits batches: the steps that a route puts inside this policy run in one transaction together
 * with the rejected lines and the ledger's progress. Before the steps, the rows stand in the
 * temporary table {@code <dataset>_batch}, one column per field, and {@code object_id} and {@code
 * line}.
 *
 * <p>If anything fails, all of it is rolled back and every load with lines in the batch fails. Only
 * where the database was away is the batch tried again, until it is back; meanwhile whoever brings
 * the next batches waits, and so does the reading of objects. Thread-safe.
 */
public final class BatchWriter implements Policy {

  private static final Logger LOG = LoggerFactory.getLogger(BatchWriter.class);

  private final TransactionTemplate transaction;
  private final DataSource dataSource;
  private final Ledger ledger;
  private final Outages outages;

  public BatchWriter(
      PlatformTransactionManager transactions,
      DataSource dataSource,
      Ledger ledger,
      Outages outages) {
    this.transaction = new TransactionTemplate(transactions);
    this.dataSource = dataSource;
    this.ledger = ledger;
    this.outages = outages;
  }

  @Override
  public void beforeWrap(Route route, NamedNode definition) {
    // nothing to prepare: the steps are wrapped as they are
  }

  @Override
  public Processor wrap(Route route, Processor steps) {
    return exchange -> {
      RowBatch batch = exchange.getMessage().getBody(RowBatch.class);
      try {
        outages.outlast(
            attempt -> {
              transaction.executeWithoutResult(
                  status -> write(batch, attempt > 1, exchange, steps));
              return null;
            });
      } catch (RuntimeException | Error e) {
        // Errors too: a load whose batch is never settled would wait for ever.
        LOG.debug("a batch of {} is rolled back", batch.dataset(), e);
        RuntimeException cause = e instanceof RuntimeException r ? r : new IllegalStateException(e);
        batch.parts().forEach(part -> part.failed(cause));
        throw e;
      }
      batch.parts().forEach(Load.Part::committed);
    };
  }

  private void write(RowBatch batch, boolean again, Exchange exchange, Processor steps) {
    List<Progress> progress = batch.parts().stream().map(Load.Part::progress).toList();
    if (again && ledger.isCommitted(progress)) {
      return;
    }
    if (batch.hasRows()) {
      stage(batch);
      TransactionPolicy.run(steps, exchange);
    }
    ledger.commit(progress);
  }

  private void stage(RowBatch batch) {
    Connection connection = DataSourceUtils.getConnection(dataSource);
    String table = batch.dataset() + "_batch";
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "create temporary table if not exists %s (%s) on commit delete rows"
              .formatted(table, batch.columns()));
      CopyIn copy =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn(
                  "copy pg_temp.%s (%s) from stdin (format binary)"
                      .formatted(table, batch.columnNames()));
      try {
        batch.send(copy);
        copy.endCopy();
      } finally {
        if (copy.isActive()) {
          copy.cancelCopy();
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(
          "%s: the rows cannot be handed to PostgreSQL: %s".formatted(table, e.getMessage()), e);
    } finally {
      DataSourceUtils.releaseConnection(connection, dataSource);
    }
  }
}
