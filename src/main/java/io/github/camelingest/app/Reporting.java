package io.github.camelingest.app;

import io.github.camelingest.ledger.Claims;
import io.github.camelingest.ledger.Instance;
import io.github.camelingest.ledger.Instances;
import io.github.camelingest.load.Loads;
import io.github.camelingest.load.ObjectsEndpoint;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the ledger what this instance is at: each heartbeat, each second while it loads, and soon
 * after its routes changed. Where the database is away it is told later. Thread-safe.
 */
final class Reporting implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Reporting.class);

  private static final long LOOK_SECONDS = 1;
  private static final int MOST_LOADING = 20;

  private final Instances instances;
  private final String id;
  private final Loads loads;
  private final CamelContext context;
  private final Supplier<Instance.Edited> edited;
  private final String address;
  private final String host = host();
  private final String version = Build.read().version();
  private final Instant started = Instant.now();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Reporting::daemon);

  private Instance told;
  private long toldNanos;

  /**
   * @param id of this instance, the owner of its claims
   * @param address where its status page is; null where it has none
   */
  Reporting(
      Instances instances,
      String id,
      Loads loads,
      CamelContext context,
      Supplier<Instance.Edited> edited,
      String address) {
    this.instances = instances;
    this.id = id;
    this.loads = loads;
    this.context = context;
    this.edited = edited;
    this.address = address;
  }

  void start() {
    thread.scheduleWithFixedDelay(this::look, 0, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  /** What there is to tell now. */
  Instance instance() {
    return new Instance(
        id,
        host,
        ProcessHandle.current().pid(),
        version,
        started,
        null,
        address,
        context.getRoutes().stream()
            .map(this::route)
            .sorted(Comparator.comparing(Instance.Route::id))
            .toList(),
        loads.progress(MOST_LOADING),
        edited.get());
  }

  private Instance.Route route(Route route) {
    return new Instance.Route(
        route.getId(),
        route.getEndpoint() instanceof ObjectsEndpoint objects ? objects.getDataset() : null,
        String.valueOf(context.getRouteController().getRouteStatus(route.getId()))
            .toLowerCase(Locale.ROOT),
        route.getDescription());
  }

  private void look() {
    try {
      Instance now = instance();
      if (told == null
          || !told.routes().equals(now.routes())
          || !told.edited().equals(now.edited())
          || !told.loading().equals(now.loading())
          || System.nanoTime() - toldNanos >= Claims.HEARTBEAT.toNanos()) {
        instances.report(now);
        told = now;
        toldNanos = System.nanoTime();
      }
    } catch (RuntimeException e) {
      // Only those who watch miss it; that the database is away is said by those who need it.
      LOG.debug("the ledger is not told what this instance is at", e);
    }
  }

  private static Thread daemon(Runnable looking) {
    Thread thread = new Thread(looking, "reporting");
    thread.setDaemon(true);
    return thread;
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  /** Tells the ledger that this instance ends, unless that takes long. */
  @Override
  public void close() {
    thread.execute(this::end);
    thread.shutdown();
    try {
      thread.awaitTermination(LOOK_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.shutdownNow();
  }

  private void end() {
    try {
      instances.remove(id);
    } catch (RuntimeException e) {
      LOG.debug("the ledger is not told that this instance ends", e);
    }
  }
}
