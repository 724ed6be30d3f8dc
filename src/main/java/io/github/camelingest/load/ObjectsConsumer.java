package io.github.camelingest.load;

import static org.springframework.core.NestedExceptionUtils.getMostSpecificCause;

import io.github.camelingest.ledger.Claim;
import io.github.camelingest.ledger.Claims;
import io.github.camelingest.ledger.LogContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.Navigate;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.processor.aggregate.AggregateProcessor;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes objects of a dataset from the ledger and sends each through the route, some at the same
 * time. Where its route is suspended, it takes no more; where it is to be replaced, its loads end
 * at their next line, too. Thread-safe.
 */
final class ObjectsConsumer extends DefaultConsumer implements Suspendable {

  private static final Logger LOG = LoggerFactory.getLogger(ObjectsConsumer.class);

  /** How often the ledger is looked at where nobody says that something has come. */
  private static final long LOOK_MILLIS = 1_000;

  private static final long STOP_MILLIS = 1_000;

  private final ObjectsEndpoint endpoint;
  private final ObjectsComponent component;
  private ExecutorService threads;
  private volatile Thread taker;
  private List<AggregateProcessor> batches = List.of();

  /** As many as there may be objects that need memory or a connection to themselves. */
  private Semaphore turns;

  /** Objects that are being loaded. */
  private int inFlight;

  /** Of these, the ones whose lines are not all read. */
  private int reading;

  private boolean woken;

  /** Whether the route is to be replaced. */
  private boolean halting;

  /** Whether the ledger is asked for objects, so that some may be ours before we know. */
  private boolean asking;

  /** Looks at the ledger so far, and the last one that found nothing while nothing was loading. */
  private long looks;

  private long idleLook;

  /** Why the last look at the ledger failed; null if it did not. */
  private Throwable failure;

  ObjectsConsumer(ObjectsEndpoint endpoint, ObjectsComponent component, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
    this.component = component;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    endpoint.check();
    if (!component.work().datasets().test(endpoint.getDataset())) {
      return;
    }
    batches = aggregators(getRoute().navigate());
    synchronized (this) {
      inFlight = 0;
      reading = 0;
      halting = false;
      asking = false;
      failure = null;
    }
    turns = new Semaphore(endpoint.maxInFlight(), true);
    threads =
        endpoint
            .getCamelContext()
            .getExecutorServiceManager()
            .newFixedThreadPool(this, endpoint.getDataset(), 2 * together());
    taker = new Thread(this::take, endpoint.getDataset() + "-taker");
    taker.setDaemon(true);
    taker.start();
  }

  @Override
  protected void doStop() throws Exception {
    if (taker != null) {
      taker.interrupt();
      // It may be asking a database that does not answer.
      taker.join(STOP_MILLIS);
      taker = null;
      endpoint.getCamelContext().getExecutorServiceManager().shutdownGraceful(threads);
    }
    super.doStop();
  }

  /** Where batches are gathered. */
  static List<AggregateProcessor> aggregators(Navigate<Processor> processors) {
    List<AggregateProcessor> found = new ArrayList<>();
    for (Processor next : processors.next()) {
      if (next instanceof AggregateProcessor aggregator) {
        found.add(aggregator);
      }
      if (next instanceof Navigate<?> more && more.hasNext()) {
        @SuppressWarnings("unchecked")
        Navigate<Processor> inner = (Navigate<Processor>) more;
        found.addAll(aggregators(inner));
      }
    }
    return found;
  }

  private void take() {
    try {
      while (isTaking()) {
        int loading = awaitFree();
        List<Claim> claims = ask() ? next(free()) : List.of();
        if (claims.isEmpty()) {
          rest(loading);
        }
        Group group = begin(claims.size());
        claims.forEach(
            claim ->
                threads.execute(() -> LogContext.of(claim.object(), () -> load(claim, group))));
      }
    } catch (InterruptedException e) {
      // The route is stopping.
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean ask() {
    asking = !halting && !isSuspendingOrSuspended();
    return asking;
  }

  /** Not so for one that was stuck when its route was stopped, and another has its place. */
  private boolean isTaking() {
    return Thread.currentThread() == taker
        && !component.loads().isStopping()
        && (isRunAllowed() || isSuspendingOrSuspended());
  }

  private int together() {
    return Math.max(Claims.TOGETHER, endpoint.maxInFlight());
  }

  /** So many objects may begin to be read. */
  private synchronized int free() {
    return endpoint.maxInFlight() - reading;
  }

  /**
   * @param most so many, and small ones beyond that
   */
  private List<Claim> next(int most) {
    Collection<Long> running = component.loads().objectIds();
    String dataset = endpoint.getDataset();
    try {
      List<Claim> claims =
          component.work().replay().isPresent()
              ? component
                  .claims()
                  .takeReplays(dataset, component.work().replay().get(), running, most)
              : component
                  .claims()
                  .take(
                      dataset, component.work().prefix(), component.work().again(), running, most);
      failed(null);
      return claims;
    } catch (RuntimeException | Error e) {
      // Whatever it is: nobody else takes objects of this dataset here.
      if (isTaking()) {
        LOG.warn(
            "{}: the ledger does not say what waits: {}",
            dataset,
            getMostSpecificCause(e).getMessage());
        failed(e);
      }
      return List.of();
    }
  }

  private synchronized void failed(Throwable e) {
    failure = e;
  }

  private void load(Claim claim, Group group) {
    Turn turn = new Turn(turns);
    AtomicBoolean read = new AtomicBoolean();
    try {
      Exchange exchange = createExchange(false);
      component.loads().begin(claim, endpoint, turn, () -> read(turn, read, group), exchange);
      if (isHalting()) {
        component.loads().interrupt(endpoint.getDataset());
      }
      getProcessor().process(exchange);
    } catch (Exception e) {
      LOG.error("{}: {}", claim.object().location(), e.getMessage(), e);
    } finally {
      read(turn, read, group);
      turn.end();
      ended();
    }
  }

  /** Objects that were claimed at once. */
  private static final class Group {
    private final int size;

    /** Of these, the ones whose lines are not all read. */
    private int reading;

    Group(int size) {
      this.size = size;
      this.reading = size;
    }
  }

  /**
   * The lines of an object are all in batches. Where that holds of every object, no more come, and
   * the batches need not wait for any. Neither do small objects that were claimed together wait for
   * others.
   *
   * @param already whether it was told of this object
   */
  private void read(Turn turn, AtomicBoolean already, Group group) {
    if (already.getAndSet(true)) {
      return;
    }
    turn.end();
    synchronized (this) {
      reading--;
      group.reading--;
      notifyAll();
      if (reading > 0 && (group.reading > 0 || group.size == 1)) {
        return;
      }
    }
    batches.forEach(AggregateProcessor::forceCompletionOfAllGroups);
  }

  private synchronized Group begin(int objects) {
    inFlight += objects;
    reading += objects;
    asking = false;
    return new Group(objects);
  }

  private synchronized void ended() {
    inFlight--;
    notifyAll();
  }

  /** Tells what is in flight once more may be. */
  private synchronized int awaitFree() throws InterruptedException {
    while (reading >= endpoint.maxInFlight() || inFlight > together()) {
      wait();
    }
    looks++;
    woken = false;
    return inFlight;
  }

  /**
   * Nothing was there: waits a while, or until something may be.
   *
   * @param loading what was in flight when that was found
   */
  private synchronized void rest(int loading) throws InterruptedException {
    asking = false;
    if (loading == 0) {
      idleLook = looks;
      notifyAll();
    }
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);
    while (!woken && (inFlight > 0 || loading == 0)) {
      long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
      if (left <= 0) {
        return;
      }
      wait(left);
    }
  }

  private synchronized boolean isHalting() {
    return halting;
  }

  void halt() {
    synchronized (this) {
      halting = true;
    }
    component.loads().interrupt(endpoint.getDataset());
  }

  synchronized boolean isHalted(boolean databaseIsAway) {
    // Whoever asks then gets no answer, and the stop of the route breaks that off.
    return halting && inFlight == 0 && (!asking || databaseIsAway);
  }

  synchronized void goOn() {
    halting = false;
    notifyAll();
  }

  synchronized void wake() {
    woken = true;
    notifyAll();
  }

  /**
   * @throws IllegalStateException if the ledger does not say what there is
   */
  synchronized void drain() throws InterruptedException {
    long now = looks;
    wake();
    while (taker != null && idleLook <= now && isRunAllowed()) {
      wait(LOOK_MILLIS);
    }
    if (failure != null) {
      throw new IllegalStateException(getMostSpecificCause(failure).getMessage(), failure);
    }
  }
}
