package io.github.camelingest.load;

import io.github.camelingest.ledger.Claim;
import io.github.camelingest.ledger.Claims;
import io.github.camelingest.ledger.Ledger;
import io.github.camelingest.ledger.Overwriting;
import io.github.camelingest.ledger.S3Object;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;

/**
 * The loads that are running: each begins with a claim and ends loaded or given back to the ledger.
 * Thread-safe.
 */
public final class Loads {

  /** Exchange property with the {@link Load}, which the messages of its lines share. */
  public static final String LOAD = "IngestLoad";

  /**
   * Exchange property by which a route says what becomes of overwritten objects: {@code replace}
   * (where it is not set), {@code append}, {@code ignore} or {@code fail}.
   */
  public static final String OVERWRITTEN = "IngestOverwritten";

  /**
   * Exchange property by which a route says how many lines of an object may be rejected: a number,
   * a share such as {@code 2.5 %} (where it is not set, {@code 100 %}), or both with a comma. An
   * object past it fails as a whole.
   */
  public static final String MAX_REJECTED = "IngestMaxRejected";

  /** Header of an object that a command wants loaded again: when the command was given. */
  public static final String REPLAY = "IngestReplay";

  private final Claims claims;
  private final Ledger ledger;
  private final int maxAttempts;

  /** Identities of the objects that are being claimed or loaded here. */
  private final Set<String> reserved = ConcurrentHashMap.newKeySet();

  private final Set<Load> running = ConcurrentHashMap.newKeySet();
  private final Tally tally = new Tally();
  private volatile boolean stopping;

  /**
   * @param maxAttempts so many failures in a row, without a line committed, and an object is not
   *     tried again
   */
  public Loads(Claims claims, Ledger ledger, int maxAttempts) {
    this.claims = claims;
    this.ledger = ledger;
    this.maxAttempts = maxAttempts;
  }

  /**
   * Claims the object of the body; the body becomes its {@link Load}. Where nothing is left to do,
   * the route ends well here. Whatever happens later in the exchange, its end releases the claim.
   *
   * @throws BusyException if another load of this object is running, here or elsewhere, or it has
   *     to wait after a failure
   * @throws StoppedException if the application is stopping
   */
  public void claim(Exchange exchange) {
    S3Object object = exchange.getMessage().getBody(S3Object.class);
    if (stopping) {
      throw new StoppedException();
    }
    Overwriting overwriting =
        Overwriting.of(exchange.getProperty(OVERWRITTEN, "replace", String.class));
    RejectionLimit limit = RejectionLimit.of(exchange.getProperty(MAX_REJECTED, String.class));
    boolean byCommand = exchange.getMessage().getHeader(REPLAY) != null;
    Load load = begin(object, byCommand, overwriting, limit);
    if (load == null) {
      exchange.setRouteStop(true);
      return;
    }
    exchange.getMessage().setBody(load);
    exchange.setProperty(LOAD, load);
    exchange
        .getExchangeExtension()
        .addOnCompletion(new LoadEnd(load, claims, maxAttempts, tally, this::end));
  }

  private Load begin(
      S3Object object, boolean byCommand, Overwriting overwriting, RejectionLimit limit) {
    // One thread an object: the ledger would let this instance take over a claim of its own.
    if (!reserved.add(object.identity())) {
      throw busy(object);
    }
    Optional<Claim> claim = Optional.empty();
    try {
      claim = claims.claim(object, byCommand);
    } finally {
      if (claim.isEmpty()) {
        release(object);
      }
    }
    if (claim.isEmpty()) {
      if (claims.isUnfinished(object)) {
        throw busy(object);
      }
      return null;
    }
    Load load = new Load(claim.get(), overwriting, limit);
    running.add(load);
    if (stopping) {
      load.fail(new StoppedException());
    }
    return load;
  }

  private BusyException busy(S3Object object) {
    tally.busy();
    return new BusyException(object);
  }

  /** Runs when a load is over and its object belongs to nobody or is loaded. */
  private void end(Load load) {
    running.remove(load);
    release(load.claim().object());
  }

  private void release(S3Object object) {
    synchronized (reserved) {
      reserved.remove(object.identity());
      reserved.notifyAll();
    }
  }

  /**
   * Waits until every line of the load that was handed over is committed.
   *
   * @throws ReadException if the object cannot be read to its end
   * @throws RuntimeException the failure of its batch, if one failed
   */
  public void awaitCommitted(Exchange exchange) throws InterruptedException {
    Load load = exchange.getMessage().getBody(Load.class);
    load.awaitSettled();
    load.check();
    load.applyLimit();
    load.checkWhole();
  }

  /**
   * Ends the load of the body as {@code failed}, without rows and for a person to look at, in place
   * of {@code loaded}. A load that ends otherwise, since its object is gone say, does so.
   *
   * @param why what is wrong with the object
   */
  public void refuse(Exchange exchange, String why) {
    exchange.getMessage().getBody(Load.class).refuse(why);
  }

  /**
   * Marks the object loaded, or as what else its load ends; in the caller's transaction if there is
   * one. Where versions of the key do not hold any more, {@link Load#isReplacing} says so to the
   * steps behind this one.
   */
  public void finish(Exchange exchange) {
    Load load = exchange.getMessage().getBody(Load.class);
    Load.Ending ending = load.ending();
    if (ending == Load.Ending.LOADED) {
      ledger.loaded(load.rest(), load.overwriting());
    } else {
      ledger.closed(load.claim(), ending.state(), ending.why());
    }
    load.ended();
  }

  /** Ids in the ledger of the objects that are being loaded here. */
  public List<Long> objectIds() {
    return running.stream().map(Load::getObjectId).toList();
  }

  /** Tells all loads to end at their next line, and refuses new ones. */
  public void stop() {
    stopping = true;
    running.forEach(load -> load.fail(new StoppedException()));
  }

  /**
   * Waits until all loads have ended and their claims are given back.
   *
   * @return whether that was in time
   */
  public boolean awaitEnd(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    synchronized (reserved) {
      while (!reserved.isEmpty()) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        reserved.wait(left);
      }
    }
    return true;
  }

  /** What became of the loads of this instance. */
  public Tally tally() {
    return tally;
  }
}
