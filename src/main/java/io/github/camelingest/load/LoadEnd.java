package io.github.camelingest.load;

import io.github.camelingest.compression.ContentException;
import io.github.camelingest.ledger.ClaimLostException;
import io.github.camelingest.ledger.Claims;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;

/**
 * Runs at the end of a load's exchange, whatever happened in it: says in a line what became of the
 * load, and gives an object back that is not loaded.
 */
final class LoadEnd extends SynchronizationAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(LoadEnd.class);

  private final Load load;
  private final Claims claims;
  private final CurrentVersion current;
  private final int maxAttempts;
  private final Tally tally;
  private final LoadReports reports;
  private final Consumer<Load> over;
  private final long started = System.nanoTime();

  /**
   * @param over told at the very end
   */
  LoadEnd(
      Load load,
      Claims claims,
      CurrentVersion current,
      int maxAttempts,
      Tally tally,
      LoadReports reports,
      Consumer<Load> over) {
    this.load = load;
    this.claims = claims;
    this.current = current;
    this.maxAttempts = maxAttempts;
    this.tally = tally;
    this.reports = reports;
    this.over = over;
  }

  @Override
  public void onComplete(Exchange exchange) {
    if (!load.isEnded()) {
      fail(new IllegalStateException("the route ended before its step 'finish'"));
      return;
    }
    lookForLaterVersion();
    end();
    if (load.ending() == Load.Ending.LOADED) {
      tally.loaded(load);
      reports.loaded(load, System.nanoTime() - started);
    } else if (load.ending().state().equals("failed")) {
      tally.failed(load, true);
      LOG.error("{}: failed: {}", location(), load.ending().why());
    } else {
      tally.ended(load);
      LOG.info("{}: {}: {}", location(), load.ending().state(), load.ending().why());
    }
  }

  /**
   * What the key had before, or has since the object was found to be overwritten or gone, was known
   * until now as loaded or loading: whoever told of it was not heard.
   */
  private void lookForLaterVersion() {
    if (!load.isReplacing()) {
      return;
    }
    try {
      current.enter(load);
    } catch (RuntimeException e) {
      // The next comparison with the bucket finds it.
      LOG.debug("{}: is it overwritten?", location(), e);
    }
  }

  @Override
  public void onFailure(Exchange exchange) {
    fail(exchange.getException());
  }

  private void fail(Exception cause) {
    try {
      // Not before its last batch is settled: the next claim would fence that batch off.
      load.awaitSettled();
      giveBack(cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("{}: not given back, so it waits for its lease to run out: {}", location(), told(e));
    } finally {
      end();
    }
  }

  private void giveBack(Exception cause) {
    String message = messageOf(cause);
    // Whatever steps that show a large object make of it.
    if (load.isStopped()) {
      claims.release(load.claim());
      LOG.info("{}: ended behind its last committed line, where it is gone on with", location());
    } else if (isBecauseOf(ClaimLostException.class, cause)) {
      // Possibly of another object in the same batch: then this one is still ours to give back.
      claims.postpone(load.claim(), message);
      LOG.info("{}: stopped: {}", location(), told(cause));
    } else if (ObjectOpener.isArchived(cause)) {
      tally.failed(load, true);
      claims.archived(
          load.claim(), "the object is in an archive; restore it, and it is loaded then");
      LOG.error("{}: failed: it is in an archive; restore it, and it is loaded then", location());
    } else if (ObjectOpener.isDenied(cause)) {
      claims.defer(load.claim(), message);
      LOG.warn("{}: not loaded, will be tried again later: {}", location(), told(cause), cause);
    } else if (ObjectOpener.isAway(cause)) {
      claims.postpone(load.claim(), message);
      LOG.warn("{}: not loaded, will be tried again: {}", location(), told(cause), cause);
    } else if (isBecauseOf(ContentException.class, cause)) {
      tally.failed(load, true);
      // The bytes of a version never change.
      claims.fail(load.claim(), message, 1);
      LOG.error("{}: failed: {}", location(), told(cause), cause);
    } else {
      boolean forGood = claims.fail(load.claim(), message, maxAttempts);
      tally.failed(load, forGood);
      if (forGood) {
        LOG.error(
            "{}: failed, and not tried again after {} attempts: {}",
            location(),
            maxAttempts,
            told(cause),
            cause);
      } else {
        LOG.warn("{}: not loaded, will be tried again: {}", location(), told(cause), cause);
      }
    }
  }

  private void end() {
    Loads.close(load);
    over.accept(load);
  }

  private String location() {
    return load.claim().object().location();
  }

  private static boolean isBecauseOf(Class<? extends Throwable> type, Throwable cause) {
    return ObjectHelper.getException(type, cause) != null;
  }

  /** The same for the log, which has no data of rows: not PostgreSQL's details, which may. */
  private static String told(Throwable cause) {
    SQLException refusal = ObjectHelper.getException(SQLException.class, cause);
    return refusal == null || refusal.getMessage() == null
        ? messageOf(cause)
        : refusal.getMessage().lines().findFirst().orElse("");
  }

  /** What really happened; an I/O failure is told best by the reader of the lines. */
  static String messageOf(Throwable cause) {
    Throwable reading = ObjectHelper.getException(ReadException.class, cause);
    Throwable root = reading == null ? NestedExceptionUtils.getMostSpecificCause(cause) : reading;
    String message =
        root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    // PostgreSQL adds details in lines of their own.
    // PostgreSQL's text cannot hold U+0000; this is its picture.
    return message.replaceAll("\\s*\\R\\s*", "; ").replace('\0', '\u2400');
  }
}
