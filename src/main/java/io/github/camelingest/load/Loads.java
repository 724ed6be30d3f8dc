package io.github.camelingest.load;

import io.github.camelingest.ledger.Claim;
import io.github.camelingest.ledger.Claims;
import io.github.camelingest.ledger.Instance;
import io.github.camelingest.ledger.Ledger;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loads that are running: each begins with a claim and ends loaded or given back to the ledger.
 * Thread-safe.
 */
public final class Loads {

  private static final Logger LOG = LoggerFactory.getLogger(Loads.class);

  /** Exchange property with the {@link Load}, which the messages of its lines share. */
  public static final String LOAD = "IngestLoad";

  private final Claims claims;
  private final Ledger ledger;
  private final CurrentVersion current;
  private final int maxAttempts;

  private final Set<Load> running = ConcurrentHashMap.newKeySet();
  private final Tally tally = new Tally();
  private final LoadReports reports = new LoadReports();
  private volatile boolean stopping;

  /**
   * @param maxAttempts so many failures in a row, without a line committed, and an object is not
   *     tried again
   */
  public Loads(Claims claims, Ledger ledger, CurrentVersion current, int maxAttempts) {
    this.claims = claims;
    this.ledger = ledger;
    this.current = current;
    this.maxAttempts = maxAttempts;
  }

  /**
   * Begins the load of an object: it is the body of the exchange. Whatever happens in the exchange,
   * its end gives the claim back.
   *
   * @param turn among the loads of the dataset
   * @param read told once no line more of the object will be handed over
   */
  void begin(Claim claim, ObjectsEndpoint dataset, Turn turn, Runnable read, Exchange exchange) {
    Load load =
        new Load(
            claim,
            dataset.overwritten(),
            dataset.maxRejected(),
            dataset.afterLoad(),
            dataset.s3(),
            turn,
            read);
    exchange.getMessage().setBody(load);
    exchange.setProperty(LOAD, load);
    exchange
        .getExchangeExtension()
        .addOnCompletion(
            new LoadEnd(load, claims, current, maxAttempts, tally, reports, this::end));
    running.add(load);
    if (stopping) {
      load.fail(stopped());
    }
  }

  /** Runs when a load is over and its object belongs to nobody or is loaded. */
  private void end(Load load) {
    synchronized (running) {
      running.remove(load);
      running.notifyAll();
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
    settle(load);
    load.turn().await();
  }

  /**
   * The same; and where no other version of its key is known, marks the object loaded, in one
   * transaction with others that end at the same time. {@link Load#isEnded} tells whether it did:
   * if not, {@link #finish} has to.
   *
   * @throws ReadException if the object cannot be read to its end
   * @throws RuntimeException the failure of its batch, if one failed
   */
  public void awaitLoaded(Exchange exchange) throws InterruptedException {
    Load load = exchange.getMessage().getBody(Load.class);
    settle(load);
    if (load.isShown()
        && !load.isReplacing()
        && ledger.loadedAlone(load.rest(), load.afterLoad())) {
      load.noteEnd();
    } else {
      load.turn().await();
    }
  }

  private static void settle(Load load) throws InterruptedException {
    close(load);
    load.awaitSettled();
    load.check();
    load.applyLimit();
    load.checkWhole();
  }

  /** All that will be read of it is: what that needed is free for others while this one waits. */
  static void close(Load load) {
    if (load.content() != null) {
      try {
        load.content().close();
      } catch (IOException e) {
        LOG.debug("closing {}", load.claim().object().location(), e);
      }
    }
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
      if (ledger.loaded(load.rest(), load.overwriting(), load.afterLoad())) {
        load.besideOthers();
      }
    } else {
      ledger.closed(load.claim(), ending.state(), ending.why());
    }
    load.noteEnd();
  }

  /** Ids in the ledger of the objects that are being loaded here. */
  public List<Long> objectIds() {
    return running.stream().map(Load::getObjectId).toList();
  }

  /**
   * How far the loads are that began first.
   *
   * @param most so many of them
   */
  public List<Instance.Loading> progress(int most) {
    return running.stream()
        .map(Load::progress)
        .sorted(Comparator.comparingDouble(Instance.Loading::seconds).reversed())
        .limit(most)
        .toList();
  }

  /** Whether the application is stopping, so that nothing more is to be taken. */
  boolean isStopping() {
    return stopping;
  }

  /** Tells all loads to end at their next line. */
  public void stop() {
    stopping = true;
    running.forEach(load -> load.fail(stopped()));
  }

  private static StoppedException stopped() {
    return new StoppedException("the application is stopping");
  }

  /** Tells the loads of a dataset to end at their next line, since its route is to be replaced. */
  void interrupt(String dataset) {
    running.stream()
        .filter(load -> load.claim().object().dataset().equals(dataset))
        .forEach(load -> load.fail(new StoppedException("its route is replaced")));
  }

  /**
   * Waits until all loads have ended and their claims are given back.
   *
   * @return whether that was in time
   */
  public boolean awaitEnd(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    synchronized (running) {
      while (!running.isEmpty()) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        running.wait(left);
      }
    }
    reports.end();
    return true;
  }

  /**
   * How far this instance has come since it started, with what is being loaded.
   *
   * @param objects that are not tried again
   * @param bytes as stored in S3
   * @param rows of loaded objects, and of those that are being loaded
   * @param rejected lines of the same
   */
  public record SoFar(long objects, long bytes, long rows, long rejected) {}

  public SoFar soFar() {
    long bytes = 0;
    long rows = 0;
    long rejected = 0;
    for (Load load : running) {
      bytes += load.bytes();
      rows += load.rows();
      rejected += load.rejected();
    }
    return new SoFar(
        tally.getEnded(),
        tally.getBytes() + bytes,
        tally.getRows() + rows,
        tally.getRejected() + rejected);
  }

  /** What became of the loads of this instance. */
  public Tally tally() {
    return tally;
  }
}
