package io.github.camelingest.app;

import static org.springframework.core.NestedExceptionUtils.getMostSpecificCause;

import io.github.camelingest.afterload.Actions;
import io.github.camelingest.discovery.BucketScan;
import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.ledger.BatchWitness;
import io.github.camelingest.ledger.Claims;
import io.github.camelingest.ledger.Instance;
import io.github.camelingest.ledger.Instances;
import io.github.camelingest.ledger.Outages;
import io.github.camelingest.ledger.Outbox;
import io.github.camelingest.ledger.Replays;
import io.github.camelingest.load.Loads;
import io.github.camelingest.load.ObjectsEndpoint;
import io.github.camelingest.load.Work;
import io.github.camelingest.routes.Editing;
import io.github.camelingest.routes.Edits;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.camel.CamelExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running application: the servers' clients, the beans and the routes. Closing it gives
 * unfinished objects back to the ledger.
 */
public final class Application implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Application.class);

  /** How long running loads may take to give up at the end, and what is being done after others. */
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(7);

  private final Settings settings;
  private final Outages outages = new Outages();
  private final Edits edits = new Edits();

  /** What to close at the end, the newest first. */
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();

  private CamelRoutes camel;
  private Claims claims;
  private Backlog backlog;
  private Outbox outbox;
  private Actions actions;
  private Loads loads;
  private Replays replays;
  private Editing editing;

  private Application(Settings settings) {
    this.settings = settings;
  }

  /**
   * Starts the routes.
   *
   * @throws SetupException if a setting, a server or a route is wrong
   */
  public static Application start(Settings settings, Work work) {
    Application application = new Application(settings);
    try {
      application.start(work);
      return application;
    } catch (RuntimeException | Error e) {
      application.close();
      throw e;
    }
  }

  /**
   * Has a look at the datasets as the routes describe them, without asking a server or loading
   * anything.
   *
   * @throws SetupException if a route or a setting is wrong
   */
  public static void describe(Settings settings, Consumer<Collection<ObjectsEndpoint>> look) {
    Application application = new Application(settings);
    try {
      application.describe();
      look.accept(application.camel.datasets().values());
    } finally {
      application.close();
    }
  }

  private void describe() {
    settings.check();
    Servers servers = closing(new Servers(settings));
    servers.connectUnasked();
    Beans idle = idle(servers, writers());
    camel = new CamelRoutes(settings, servers, false);
    camel.start(idle, idle, Optional.empty());
  }

  /** Beans that load nothing. */
  private Beans idle(Servers servers, ExecutorService writers) {
    return new Beans(
        settings,
        servers.reading(),
        servers.copying(),
        servers.database(),
        outages,
        writers,
        Work.nothing(),
        BatchWitness.NOBODY);
  }

  private BlockingExecutor writers() {
    BlockingExecutor writers = new BlockingExecutor(settings.writers());
    resources.push(writers::shutdownNow);
    return writers;
  }

  private void start(Work work) {
    settings.check();
    Servers servers = closing(new Servers(settings));
    servers.connect(work.discover());
    DataSource database = servers.database();
    BlockingExecutor writers = writers();
    Optional<Watching> watching =
        work.discover()
            ? Watching.listen(settings, database, outages, edits, writers).map(this::closing)
            : Optional.empty();
    Beans beans =
        new Beans(
            settings,
            servers.reading(),
            servers.copying(),
            database,
            outages,
            writers,
            work,
            watching.<BatchWitness>map(Watching::metrics).orElse(BatchWitness.NOBODY));
    claims = beans.claims();
    loads = beans.loads();
    backlog = beans.backlog();
    outbox = beans.outbox();
    heartbeat();

    camel = new CamelRoutes(settings, servers, work.discover());
    camel.start(beans, idle(servers, writers), watching);
    actions = camel.bean("afterLoad", Actions.class);
    replays = new Replays(database, outages, datasets());
    Reporting reporting =
        closing(
            new Reporting(
                new Instances(database),
                claims.owner(),
                loads,
                camel.context(),
                this::edited,
                watching.map(Watching::address).orElse(null)));
    reporting.start();
    if (work.discover()) {
      editing = camel.editing(edits, () -> outages.current().isPresent(), this::compare);
      editing.start();
      LOG.info("loads {}", datasets());
    }
    watching.ifPresent(all -> all.serve(camel.context(), reporting::instance));
  }

  /** Looks for objects that were there before somebody wanted them; others need not wait for it. */
  private void compare(String dataset) {
    Thread comparing =
        new Thread(
            () -> {
              try {
                reconcile(dataset);
              } catch (SetupException e) {
                LOG.warn("{}; it is tried again later", e.getMessage());
              }
            },
            "compare-" + dataset);
    comparing.setDaemon(true);
    comparing.start();
  }

  private void heartbeat() {
    ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor();
    resources.push(heart::shutdownNow);
    heart.scheduleWithFixedDelay(
        () -> {
          try {
            claims.heartbeat(loads.objectIds());
          } catch (RuntimeException e) {
            LOG.warn("the leases are not renewed: {}", e.getMessage());
          }
        },
        Claims.HEARTBEAT.toSeconds(),
        Claims.HEARTBEAT.toSeconds(),
        TimeUnit.SECONDS);
  }

  private Instance.Edited edited() {
    Optional<Edits.Failure> failure = edits.failure();
    return new Instance.Edited(
        edits.lastApplied().orElse(null),
        failure.map(Edits.Failure::message).orElse(null),
        failure.map(Edits.Failure::at).orElse(null));
  }

  /** Names of the datasets that routes load, in order. */
  public Set<String> datasets() {
    return camel.datasets().keySet();
  }

  /**
   * @throws SetupException if there is no dataset of that name
   */
  public void check(String dataset) {
    if (!datasets().contains(dataset)) {
      throw new SetupException(
          "there is no dataset '%s'; there are %s".formatted(dataset, datasets()));
    }
  }

  /**
   * Compares what the buckets have of a dataset with the ledger, which knows then what is to be
   * loaded.
   *
   * @return how many objects are to be loaded now that were not before
   * @throws SetupException if that fails
   */
  public long reconcile(String dataset) {
    try {
      return camel.request("direct:compare", dataset, Long.class);
    } catch (CamelExecutionException e) {
      throw new SetupException(
          "%s cannot be looked through: %s"
              .formatted(dataset, getMostSpecificCause(e).getMessage()),
          e);
    }
  }

  /**
   * The same for what has keys that begin so.
   *
   * @throws SetupException if the dataset has no such keys, or that fails
   */
  public long reconcile(String dataset, String prefix) {
    try {
      return camel.bean("bucketScan", BucketScan.class).compareUnder(dataset, prefix);
    } catch (IllegalArgumentException e) {
      throw new SetupException(e.getMessage(), e);
    } catch (RuntimeException e) {
      throw new SetupException(
          "%s cannot be looked through: %s"
              .formatted(dataset, getMostSpecificCause(e).getMessage()),
          e);
    }
  }

  /** Waits until nothing of a dataset is there to load now, and nothing is being loaded here. */
  public void drain(String dataset) throws InterruptedException {
    camel.datasets().get(dataset).drain();
  }

  /**
   * Does in S3 what is due after the loads of a dataset, each once; what fails stays in the outbox.
   *
   * @throws SetupException if that cannot be done
   */
  public void actAfterLoad(String dataset) {
    try {
      camel.request("direct:after-load", dataset, Object.class);
    } catch (CamelExecutionException e) {
      throw new SetupException(
          "nothing can be done with loaded objects of %s: %s"
              .formatted(dataset, getMostSpecificCause(e).getMessage()),
          e);
    }
  }

  /** Objects of the bucket and of the datasets that are to be loaded again. */
  public Replays replays() {
    return replays;
  }

  /** What waits to be loaded. */
  public Backlog backlog() {
    return backlog;
  }

  /** What is still to be done with loaded objects. */
  public Outbox outbox() {
    return outbox;
  }

  /** The loads of this application. */
  public Loads loads() {
    return loads;
  }

  @Override
  public void close() {
    long begun = System.nanoTime();
    if (editing != null) {
      editing.close();
    }
    // In this order: a batch that is given up because of the stop is no failure of its loads.
    if (loads != null) {
      loads.stop();
    }
    if (actions != null) {
      actions.stop();
    }
    outages.stop();
    try {
      if (loads != null && !loads.awaitEnd(STOP_PATIENCE)) {
        LOG.warn(
            "some loads did not end in {} s; their objects wait until their leases run out",
            STOP_PATIENCE.toSeconds());
      }
      if (actions != null) {
        actions.awaitEnd(STOP_PATIENCE.minusNanos(System.nanoTime() - begun));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (camel != null) {
      camel.close();
    }
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (Exception e) {
        LOG.debug("closing", e);
      }
    }
  }

  private <T extends AutoCloseable> T closing(T resource) {
    resources.push(resource);
    return resource;
  }
}
