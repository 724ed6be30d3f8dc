package io.github.camelingest.batch;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelingest.ledger.BatchWitness;
import io.github.camelingest.ledger.HeldRows;
import io.github.camelingest.ledger.RejectedLine;
import io.github.camelingest.load.Load;
import io.github.camelingest.load.Rejections;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Shows rows of JSON that were held back, in the transaction in which the load of the body ends:
 * the steps that a route puts inside this policy run for some of the rows at a time, which stand in
 * the temporary table {@code <dataset>_batch}.
 *
 * <p>Rows that PostgreSQL refuses, beside all the others of their object and without those that it
 * replaces, become rejected lines and cost no other row, unless they are too many: then the
 * transaction begins anew, with a load that ends as failed. Of a load that ends without rows, none
 * are shown. Thread-safe.
 */
public final class HeldBackWriter implements Policy {

  /** Lines whose rows are tried together. */
  private static final int LINES_AT_ONCE = 5_000;

  private static final byte[] NOTHING = new byte[0];

  /** Refused rows that are kept in memory. */
  private static final int REFUSED_AT_ONCE = 1_000;

  private final TransactionTemplate transaction;
  private final JdbcClient jdbc;
  private final HeldRows held;
  private final BatchWitness witness;

  public HeldBackWriter(
      PlatformTransactionManager transactions,
      DataSource dataSource,
      HeldRows held,
      BatchWitness witness) {
    this.transaction = new TransactionTemplate(transactions);
    this.jdbc = JdbcClient.create(dataSource);
    this.held = held;
    this.witness = witness;
  }

  @Override
  public void beforeWrap(Route route, NamedNode definition) {
    // nothing to prepare: the steps are wrapped as they are
  }

  @Override
  public Processor wrap(Route route, Processor steps) {
    return exchange -> {
      Load load = exchange.getMessage().getBody(Load.class);
      transaction.executeWithoutResult(
          status -> {
            if (load.isShown()) {
              new Showing(load, exchange, steps, status).all();
            }
            held.forget(load.getObjectId());
          });
    };
  }

  /** The rows of a load on their way to be on show. */
  private final class Showing {
    private final Load load;
    private final Exchange exchange;
    private final Processor steps;
    private final TransactionStatus status;
    private final String table;
    private final List<RejectedLine> refused = new ArrayList<>();
    private long allRefused;

    Showing(Load load, Exchange exchange, Processor steps, TransactionStatus status) {
      this.load = load;
      this.exchange = exchange;
      this.steps = steps;
      this.status = status;
      this.table = BatchTable.name(load.claim().object().dataset());
    }

    void all() {
      String columns = RowType.of(JsonNode.class).columns();
      jdbc.sql(BatchTable.creation(load.claim().object().dataset(), columns)).update();
      HeldRows.Range all = held.all(load.getObjectId());
      for (long from = all.from(); from <= all.to(); from += LINES_AT_ONCE) {
        show(new HeldRows.Range(from, Math.min(from + LINES_AT_ONCE - 1, all.to())));
      }
      held.refuse(load.claim(), refused);
      TransactionSynchronizationManager.registerSynchronization(
          new TransactionSynchronization() {
            @Override
            public void afterCommit() {
              load.refused(allRefused);
              witness.refused(load.claim().object().dataset(), allRefused);
            }
          });
    }

    /** Shows rows; where some are refused, each half for itself, until these are alone. */
    private void show(HeldRows.Range lines) {
      if (load.isGivenUp()) {
        throw new IllegalStateException("the load was given up");
      }
      Object savepoint = status.createSavepoint();
      Optional<SQLException> refusal = refusal(lines);
      if (refusal.isPresent()) {
        status.rollbackToSavepoint(savepoint);
      }
      status.releaseSavepoint(savepoint);
      if (refusal.isPresent() && lines.size() > 1) {
        show(lines.firstHalf());
        show(lines.secondHalf());
      } else if (refusal.isPresent()) {
        refuse(lines.from(), refusal.get());
      }
    }

    /** Why PostgreSQL refuses some of the rows, if it does. */
    private Optional<SQLException> refusal(HeldRows.Range lines) {
      try {
        if (held.fill("pg_temp." + table, load.getObjectId(), lines) > 0) {
          TransactionPolicy.run(steps, exchange);
        }
        return Optional.empty();
      } catch (RuntimeException e) {
        return Optional.of(Refusal.reason(e).orElseThrow(() -> e));
      }
    }

    private void refuse(long line, SQLException why) {
      if (refused.size() == REFUSED_AT_ONCE) {
        held.refuse(load.claim(), refused);
        refused.clear();
      }
      refused.add(Rejections.refused(line, NOTHING, Refusal.message(why), why.getSQLState()));
      allRefused++;
      if (load.isPastLimitWith(allRefused)) {
        // Of those that are rolled back, too, the last ones stay to be looked at.
        throw new BeginAnewException(
            () -> held.refuse(load.claim(), refused), () -> load.refused(allRefused));
      }
    }
  }
}
