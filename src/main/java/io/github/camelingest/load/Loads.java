package io.github.camelingest.load;

import io.github.camelingest.ledger.Claim;
import io.github.camelingest.ledger.ClaimLostException;
import io.github.camelingest.ledger.Ledger;
import io.github.camelingest.ledger.S3Object;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;

/**
 * The loads that are running: each begins with a claim and ends loaded or given back to the ledger.
 * Thread-safe.
 */
public final class Loads {

  /** Exchange property with the {@link Load}, which the messages of its lines share. */
  public static final String LOAD = "IngestLoad";

  private static final Logger LOG = LoggerFactory.getLogger(Loads.class);

  private final Ledger ledger;

  /** Identities of the objects that are being claimed or loaded here. */
  private final Set<String> reserved = ConcurrentHashMap.newKeySet();

  private final Set<Load> running = ConcurrentHashMap.newKeySet();
  private final AtomicLong loaded = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();
  private final AtomicLong busy = new AtomicLong();
  private volatile boolean stopping;

  public Loads(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * Claims the object of the body; the body becomes its {@link Load}. Where nothing is left to do,
   * the route ends well here. Whatever happens later in the exchange, its end releases the claim.
   *
   * @throws BusyException if another load of this object is running, here or elsewhere
   * @throws StoppedException if the application is stopping
   */
  public void claim(Exchange exchange) {
    S3Object object = exchange.getMessage().getBody(S3Object.class);
    if (stopping) {
      throw new StoppedException();
    }
    Load load = begin(object);
    if (load == null) {
      exchange.setRouteStop(true);
      return;
    }
    exchange.getMessage().setBody(load);
    exchange.setProperty(LOAD, load);
    exchange.getExchangeExtension().addOnCompletion(new End(load));
  }

  private Load begin(S3Object object) {
    // One thread an object: the ledger would let this instance take over a claim of its own.
    if (!reserved.add(object.identity())) {
      throw busy(object);
    }
    Optional<Claim> claim = Optional.empty();
    try {
      claim = ledger.claim(object);
    } finally {
      if (claim.isEmpty()) {
        release(object);
      }
    }
    if (claim.isEmpty()) {
      if (ledger.isLoading(object)) {
        throw busy(object);
      }
      return null;
    }
    Load load = new Load(claim.get());
    running.add(load);
    if (stopping) {
      load.fail(new StoppedException());
    }
    return load;
  }

  private BusyException busy(S3Object object) {
    busy.incrementAndGet();
    return new BusyException(object);
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
   * @throws RuntimeException the failure of its batch, if one failed
   */
  public void awaitCommitted(Exchange exchange) throws InterruptedException {
    Load load = exchange.getMessage().getBody(Load.class);
    load.awaitSettled();
    load.check();
  }

  /** Marks the object loaded, in the caller's transaction if there is one. */
  public void finish(Exchange exchange) {
    Load load = exchange.getMessage().getBody(Load.class);
    ledger.loaded(load.rest(), load.lines());
    load.ended("loaded");
  }

  /**
   * Tells all loads to end at their next line, refuses new ones, and waits for the claims to be
   * released.
   *
   * @return whether all were released in time
   */
  public boolean stop(Duration atMost) throws InterruptedException {
    stopping = true;
    long deadline = System.nanoTime() + atMost.toNanos();
    running.forEach(load -> load.fail(new StoppedException()));
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

  /** Objects that this instance has loaded since it started. */
  public long loaded() {
    return loaded.get();
  }

  /** Loads that have failed since this instance started. */
  public long failed() {
    return failed.get();
  }

  /** Rows of the objects that this instance has loaded since it started. */
  public long rows() {
    return rows.get();
  }

  /** Rejected lines of the objects that this instance has loaded since it started. */
  public long rejected() {
    return rejected.get();
  }

  /**
   * Objects that were refused, since this was asked last, because they were being loaded already.
   */
  public long takeBusy() {
    return busy.getAndSet(0);
  }

  /** Runs at the end of a load's exchange, whatever happened in it. */
  private final class End extends SynchronizationAdapter {
    private final Load load;
    private final long started = System.nanoTime();

    End(Load load) {
      this.load = load;
    }

    @Override
    public void onComplete(Exchange exchange) {
      if (load.outcome() == null) {
        fail(new IllegalStateException("the route ended before its step 'finish'"));
        return;
      }
      end();
      if (load.outcome().equals("loaded")) {
        loaded.incrementAndGet();
        rows.addAndGet(load.rows());
        rejected.addAndGet(load.rejected());
        String seconds = String.format("%.2f", (System.nanoTime() - started) / 1e9);
        LOG.info(
            "{}: {} rows, {} rejected of {} lines in {} s",
            load.claim().object().location(),
            load.rows(),
            load.rejected(),
            load.lines(),
            seconds);
      } else {
        LOG.info("{}: {}", load.claim().object().location(), load.outcome());
      }
    }

    @Override
    public void onFailure(Exchange exchange) {
      fail(exchange.getException());
    }

    private void fail(Exception cause) {
      Claim claim = load.claim();
      try {
        // Not before its last batch is settled: the next claim would fence that batch off.
        load.awaitSettled();
        if (ObjectHelper.getException(ClaimLostException.class, cause) == null) {
          ledger.release(claim, isStop(cause) ? null : messageOf(cause));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        LOG.warn(
            "{}: not released, so it waits for its lease to run out: {}",
            claim.object().location(),
            e.getMessage());
      } finally {
        end();
      }
      if (isStop(cause)) {
        LOG.info(
            "{}: stopped; the next start goes on behind its last committed line",
            claim.object().location());
      } else {
        failed.incrementAndGet();
        LOG.warn(
            "{}: not loaded, will be tried again: {}",
            claim.object().location(),
            messageOf(cause),
            cause);
      }
    }

    private void end() {
      if (load.content() != null) {
        try {
          load.content().close();
        } catch (IOException e) {
          LOG.debug("closing {}", load.claim().object().location(), e);
        }
      }
      running.remove(load);
      release(load.claim().object());
    }
  }

  private static boolean isStop(Throwable cause) {
    return ObjectHelper.getException(StoppedException.class, cause) != null;
  }

  /** What really happened; an I/O failure is told best by the reader of the lines. */
  private static String messageOf(Throwable cause) {
    Throwable reading = ObjectHelper.getException(UncheckedIOException.class, cause);
    Throwable root = reading == null ? NestedExceptionUtils.getMostSpecificCause(cause) : reading;
    String message =
        root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    // PostgreSQL adds details in lines of their own.
    return message.replaceAll("\\s*\\R\\s*", "; ");
  }
}
