package io.github.camelingest.batch;

import io.github.camelingest.ledger.BatchWitness;
import io.github.camelingest.ledger.CommittedLines;
import io.github.camelingest.ledger.LogContext;
import io.github.camelingest.ledger.Outages;
import io.github.camelingest.ledger.Progress;
import io.github.camelingest.ledger.RejectedLine;
import io.github.camelingest.load.Load;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Commits batches: the steps that a route puts inside this policy run in one transaction together
 * with the rejected lines and the ledger's progress. They hand the rows to PostgreSQL by {@link
 * BatchRows}.
 *
 * <p>Rows that PostgreSQL refuses, by a constraint or since a value does not fit, become rejected
 * lines and cost no other row. Where the database was away, the batch is tried again until it is
 * back; meanwhile whoever brings the next batches waits, and so does the reading of objects. If
 * anything else fails, all of it is rolled back and every load with lines in the batch fails.
 * Thread-safe.
 */
public final class BatchWriter implements Policy {

  private static final Logger LOG = LoggerFactory.getLogger(BatchWriter.class);

  private final TransactionTemplate transaction;
  private final DataSource dataSource;
  private final CommittedLines committed;
  private final Outages outages;
  private final BatchWitness witness;

  public BatchWriter(
      PlatformTransactionManager transactions,
      DataSource dataSource,
      CommittedLines committed,
      Outages outages,
      BatchWitness witness) {
    this.transaction = new TransactionTemplate(transactions);
    this.dataSource = dataSource;
    this.committed = committed;
    this.outages = outages;
    this.witness = witness;
  }

  @Override
  public void beforeWrap(Route route, NamedNode definition) {
    // nothing to prepare: the steps are wrapped as they are
  }

  @Override
  public Processor wrap(Route route, Processor steps) {
    return exchange -> {
      RowBatch batch = exchange.getMessage().getBody(RowBatch.class);
      Runnable writing = () -> write(new Writing(batch, exchange, steps));
      if (batch.parts().size() == 1) {
        LogContext.of(batch.parts().get(0).load().claim().object(), writing);
      } else {
        LogContext.of(batch.dataset(), writing);
      }
    };
  }

  private void write(Writing writing) {
    RowBatch batch = writing.batch;
    try {
      commit(writing);
    } catch (RuntimeException | Error e) {
      // Errors too: a load whose batch is never settled would wait for ever.
      LOG.debug("a batch of {} is rolled back", batch.dataset(), e);
      RuntimeException cause = e instanceof RuntimeException r ? r : new IllegalStateException(e);
      batch.parts().forEach(part -> part.failed(cause));
      throw e;
    }
    batch.parts().forEach(part -> part.committed(writing.refused(part).size()));
  }

  private void commit(Writing writing) {
    long begun = System.nanoTime();
    try {
      outlast(writing, (again, status) -> writing.whole(again));
    } catch (RuntimeException e) {
      if (writing.batch.size() == 0 || Refusal.reason(e).isEmpty()) {
        throw e;
      }
      LOG.debug("rows of {} are refused", writing.batch.dataset(), e);
      outlast(writing, writing::withoutRefused);
    }
    witness.committed(
        writing.batch.dataset(), writing.progress(), Duration.ofNanos(System.nanoTime() - begun));
  }

  /** What is done in a transaction. */
  private interface Attempt {

    /**
     * @param again whether it may be committed already
     */
    Void in(boolean again, TransactionStatus status);
  }

  private void outlast(Writing writing, Attempt attempt) {
    outages.outlast(
        number -> {
          if (number > 1) {
            witness.again(writing.batch.dataset());
          }
          return transaction.execute(status -> attempt.in(number > 1, status));
        });
  }

  /** A batch on its way into the database. */
  private final class Writing {
    private final RowBatch batch;
    private final Exchange exchange;
    private final Processor steps;
    private final List<Refusal> refusals = new ArrayList<>();

    Writing(RowBatch batch, Exchange exchange, Processor steps) {
      this.batch = batch;
      this.exchange = exchange;
      this.steps = steps;
    }

    /** Writes all rows at once. */
    Void whole(boolean again) {
      if (again && committed.has(progress())) {
        return null;
      }
      batch.begin(new BatchTable(batch, dataSource));
      if (batch.size() > 0) {
        write(0, batch.size());
      }
      committed.add(progress());
      return null;
    }

    /** Writes all rows but those that PostgreSQL refuses, which become rejected lines. */
    Void withoutRefused(boolean again, TransactionStatus status) {
      if (again && committed.has(progress())) {
        return null;
      }
      refusals.clear();
      batch.begin(new BatchTable(batch, dataSource));
      // Before any savepoint, whose end might take it.
      batch.table().create();
      divide(0, batch.size(), status);
      committed.add(progress());
      return null;
    }

    /**
     * Writes the rows of a range of which some is refused: each half for itself, until the refused
     * ones are alone. That takes statements in the order of refused rows times the logarithm of
     * all.
     */
    private void divide(int from, int to, TransactionStatus status) {
      int middle = (from + to) >>> 1;
      if (middle > from) {
        attempt(from, middle, status);
      }
      attempt(middle, to, status);
    }

    private void attempt(int from, int to, TransactionStatus status) {
      if (batch.parts().stream().allMatch(part -> part.load().isGivenUp())) {
        throw new IllegalStateException("nobody waits for this batch any more");
      }
      Object savepoint = status.createSavepoint();
      try {
        write(from, to);
        status.releaseSavepoint(savepoint);
      } catch (RuntimeException e) {
        SQLException reason = Refusal.reason(e).orElseThrow(() -> e);
        status.rollbackToSavepoint(savepoint);
        status.releaseSavepoint(savepoint);
        if (to - from == 1) {
          refusals.add(Refusal.of(batch, from, reason));
        } else {
          divide(from, to, status);
        }
      }
    }

    private void write(int from, int to) {
      batch.work(from, to);
      TransactionPolicy.run(steps, exchange);
    }

    List<RejectedLine> refused(Load.Part part) {
      return refusals.stream().filter(r -> r.part() == part).map(Refusal::line).toList();
    }

    private List<Progress> progress() {
      return batch.parts().stream().map(part -> part.progress(refused(part))).toList();
    }
  }
}
