package io.github.camelingest.ledger;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Outages of PostgreSQL: whoever needs the database waits here until it is back, which pauses the
 * reading of objects. Thread-safe.
 */
public final class Outages {

  private static final Logger LOG = LoggerFactory.getLogger(Outages.class);

  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 1_000;
  private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

  /**
   * Classes of SQLSTATE that pass by themselves (PostgreSQL's manual, "Error Codes"): connection
   * exception, transaction rollback (serialization, deadlock), insufficient resources.
   */
  private static final Set<String> PASSING_CLASSES = Set.of("08", "40", "53");

  /** The server is shutting down, has crashed or is starting. */
  private static final String OPERATOR_INTERVENTION = "57P";

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /**
   * PostgreSQL has ended the session of an instance that stood still in a transaction, as it is
   * told to: a lost connection like those of class 08.
   */
  private static final String IDLE_IN_TRANSACTION = "25P03";

  private Outage outage;
  private long warned = System.nanoTime() - BETWEEN_WARNINGS.toNanos();
  private boolean stopped;

  /**
   * The database is away.
   *
   * @param since when that was noticed
   * @param reason what the last try met
   */
  public record Outage(Instant since, String reason) {}

  /**
   * Does some work that needs the database, again and again while it fails for a reason that
   * passes. Inside a transaction it is done once: the whole transaction is what has to be tried
   * again, by whoever began it.
   *
   * @param work takes the number of the attempt, from 1; an earlier attempt may have committed
   *     although its connection broke
   * @throws RuntimeException what the work failed with, if that does not pass or {@link #stop} was
   *     called
   */
  public <T> T outlast(IntFunction<T> work) {
    if (TransactionSynchronizationManager.isActualTransactionActive()) {
      return work.apply(1);
    }
    for (int attempt = 1; ; attempt++) {
      try {
        T result = work.apply(attempt);
        over();
        return result;
      } catch (RuntimeException e) {
        Optional<SQLException> passing = passing(e);
        if (passing.isEmpty() || !pause(attempt, passing.get())) {
          throw e;
        }
      }
    }
  }

  /** The outage that is going on, if one is. */
  public synchronized Optional<Outage> current() {
    return Optional.ofNullable(outage);
  }

  /** From now on nobody waits any more: work fails at the first failure. */
  public synchronized void stop() {
    stopped = true;
    notifyAll();
  }

  private synchronized void over() {
    if (outage != null) {
      LOG.info(
          "PostgreSQL is back after {} s; loading goes on",
          Duration.between(outage.since(), Instant.now()).toSeconds());
      outage = null;
      notifyAll();
    }
  }

  /** Waits before the next attempt; false where there is to be none. */
  private synchronized boolean pause(int attempt, SQLException cause) {
    if (stopped) {
      return false;
    }
    note(cause);
    // At most 2 to the power of 5, then the limit below holds.
    long pause = Math.min(FIRST_PAUSE_MILLIS << Math.min(attempt - 1, 5), LONGEST_PAUSE_MILLIS);
    try {
      // Whoever gets through first wakes the others.
      wait(pause / 2 + ThreadLocalRandom.current().nextLong(pause));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return !stopped;
  }

  private void note(SQLException cause) {
    if (String.valueOf(cause.getSQLState()).startsWith("40")) {
      // Two writers were in each other's way: no outage.
      LOG.debug("tried again", cause);
      return;
    }
    String reason = reason(cause);
    outage = new Outage(outage == null ? Instant.now() : outage.since(), reason);
    if (System.nanoTime() - warned >= BETWEEN_WARNINGS.toNanos()) {
      warned = System.nanoTime();
      LOG.warn("PostgreSQL is away, so loading waits for it: {}", reason);
    }
  }

  /** The pool says only that there is no connection; why not is said by what it met last. */
  private static String reason(SQLException cause) {
    Throwable told =
        cause instanceof SQLTransientConnectionException && cause.getCause() != null
            ? cause.getCause()
            : cause;
    return String.valueOf(told.getMessage()).replaceAll("\\s*\\R\\s*", "; ");
  }

  /** The failure that passes by itself, if that is why the work failed. */
  private static Optional<SQLException> passing(RuntimeException failure) {
    // Where the rollback failed too, since there is no connection any more, it hides the reason.
    Throwable first =
        failure instanceof TransactionSystemException t && t.getApplicationException() != null
            ? t.getApplicationException()
            : failure;
    return Stream.iterate(first, c -> c != null, Throwable::getCause)
        .filter(SQLException.class::isInstance)
        .map(SQLException.class::cast)
        .filter(Outages::passes)
        .findFirst();
  }

  private static boolean passes(SQLException cause) {
    String state = String.valueOf(cause.getSQLState());
    return cause instanceof SQLTransientConnectionException
        || state.length() == 5 && PASSING_CLASSES.contains(state.substring(0, 2))
        || state.startsWith(OPERATOR_INTERVENTION)
        || state.equals(LOCK_NOT_AVAILABLE)
        || state.equals(IDLE_IN_TRANSACTION);
  }
}
