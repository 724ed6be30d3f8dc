package io.github.camelingest.app;

import static org.springframework.core.NestedExceptionUtils.getMostSpecificCause;

import com.zaxxer.hikari.HikariDataSource;
import io.github.camelingest.afterload.Actions;
import io.github.camelingest.discovery.Datasets;
import io.github.camelingest.discovery.Queue;
import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.ledger.BatchWitness;
import io.github.camelingest.ledger.Claims;
import io.github.camelingest.ledger.Outages;
import io.github.camelingest.ledger.Outbox;
import io.github.camelingest.ledger.Replays;
import io.github.camelingest.load.Loads;
import io.github.camelingest.load.ObjectsEndpoint;
import io.github.camelingest.load.Work;
import io.github.camelingest.management.ManagementServer;
import io.github.camelingest.routes.Edits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainConfigurationProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.BadSqlGrammarException;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The running application: the servers' clients, the beans and the routes. Closing it gives
 * unfinished objects back to the ledger.
 */
public final class Application implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Application.class);

  /** How long running loads may take to give up at the end, and what is being done after others. */
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(7);

  /**
   * How long routes may take to stop afterwards. Nothing is under way then but a wait for messages,
   * which is broken off.
   */
  private static final int ROUTES_STOP_SECONDS = 1;

  private static final String ROUTES = ".camel.yaml";

  private final Settings settings;
  private final Main main = new Main();
  private final Outages outages = new Outages();
  private final Edits edits = new Edits();

  /** What to close at the end, the newest first. */
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();

  private Claims claims;
  private Backlog backlog;
  private Outbox outbox;
  private Actions actions;
  private Loads loads;
  private Replays replays;

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

  /** A question to the ledger. */
  public interface Question<T> {

    /**
     * @param outages nobody waits in: where the database is away, the question fails
     */
    T ask(DataSource database, Outages outages);
  }

  /**
   * Asks the ledger without starting anything.
   *
   * @throws SetupException if the database does not let us in, or has no ledger
   */
  public static <T> T ask(Settings settings, Question<T> question) {
    settings.check();
    StartChecks checks = new StartChecks(settings);
    checks.database();
    Outages nobodyWaits = new Outages();
    nobodyWaits.stop();
    try (HikariDataSource database = Clients.database(settings)) {
      return question.ask(database, nobodyWaits);
    } catch (BadSqlGrammarException e) {
      throw new SetupException(
          "the database %s has no ledger yet, or one of an earlier version; camel-ingest makes it when it loads; or change INGEST_DB_URL (%s)"
              .formatted(settings.dbUrl(), settings.source("ingest.db.url")),
          e);
    }
  }

  private void start(Work work) {
    settings.check();
    StartChecks checks = new StartChecks(settings);
    boolean migrated = checks.database();
    Clients.S3 s3 = closing(Clients.S3.reading());
    Clients.S3 copying = closing(Clients.S3.copying());
    checks.bucket(s3.of("", false));
    boolean queue = work.discover() && !settings.queue().isEmpty();
    if (queue) {
      SqsClient sqs = closing(Clients.sqs());
      String url = checks.queueUrl(sqs);
      main.addOverrideProperty("ingest.queue-url", url);
      main.addOverrideProperty("ingest.queue-name", url.substring(url.lastIndexOf('/') + 1));
      main.bind("sqs", sqs);
      main.bind("queue", new Queue(sqs, url));
    }
    HikariDataSource database = closing(Clients.database(settings));
    if (!migrated) {
      Migrations.apply(settings);
    }

    BlockingExecutor writers = new BlockingExecutor(settings.writers());
    resources.push(writers::shutdownNow);
    Optional<ManagementServer> management = work.discover() ? managementServer() : Optional.empty();
    Optional<Watching> watching =
        management.map(
            server -> closing(new Watching(settings, database, outages, edits, writers)));
    BatchWitness witness =
        watching.<BatchWitness>map(Watching::metrics).orElse(BatchWitness.NOBODY);
    Beans beans = new Beans(settings, s3, copying, database, outages, writers, work, witness);
    claims = beans.claims();
    loads = beans.loads();
    backlog = beans.backlog();
    outbox = beans.outbox();
    heartbeat();

    configure(!work.discover() ? "none" : queue ? "queue" : "poll");
    main.configure().addConfiguration(beans);
    main.bind("edits", edits);
    watching.ifPresent(all -> all.configure(main));
    startRoutes();
    actions = main.getCamelContext().getRegistry().lookupByNameAndType("afterLoad", Actions.class);
    replays = new Replays(database, outages, datasets());
    if (work.discover()) {
      LOG.info("loads {}", datasets());
    }
    management.ifPresent(
        server -> {
          watching.orElseThrow().serve(server, main);
          server.start();
          LOG.info("is watched at {}", server.address());
        });
  }

  /**
   * Listens, so that a port in use is told before anything is loaded.
   *
   * @throws SetupException if it cannot
   */
  private Optional<ManagementServer> managementServer() {
    if (settings.managementPort().isEmpty()) {
      return Optional.empty();
    }
    String host = settings.managementHost();
    int port = settings.managementPort().getAsInt();
    try {
      return Optional.of(closing(new ManagementServer(host, port)));
    } catch (IOException e) {
      throw new SetupException(
          "nothing can listen at port %d of %s: %s; change INGEST_MANAGEMENT_PORT (%s), 0 for any free port, or INGEST_MANAGEMENT_HOST (%s)"
              .formatted(
                  port,
                  host,
                  e.getMessage(),
                  settings.source("ingest.management.port"),
                  settings.source("ingest.management.host")),
          e);
    }
  }

  private void configure(String discovery) {
    settings
        .placeholders()
        .forEach((key, value) -> main.addOverrideProperty((String) key, (String) value));
    main.addOverrideProperty("ingest.discovery", discovery);
    // So that several instances do not list at the same time, hour by hour.
    main.addOverrideProperty(
        "ingest.reconcile-interval",
        Long.toString(
            (long)
                (settings.reconcileInterval().toMillis()
                    * ThreadLocalRandom.current().nextDouble(0.9, 1.1))));
    main.addOverrideProperty("ingest.sql", Home.location("sql"));
    main.setDefaultPropertyPlaceholderLocation("false");
    MainConfigurationProperties camel = main.configure();
    // Nobody watches what ends by itself.
    camel.setJmxEnabled(!discovery.equals("none"));
    camel.setName("camel-ingest");
    camel.setRoutesIncludePattern(routeFiles());
    // A cached stream is a whole object on the heap.
    camel.setStreamCachingEnabled(false);
    camel.setCaseInsensitiveHeaders(false);
    camel.setShutdownTimeout(ROUTES_STOP_SECONDS);
    camel.setShutdownLogInflightExchangesOnTimeout(false);
  }

  private void startRoutes() {
    try {
      main.start();
    } catch (Exception e) {
      throw new SetupException(
          "the routes in %s do not start: %s"
              .formatted(routes(), getMostSpecificCause(e).getMessage()),
          e);
    }
    if (datasets().isEmpty()) {
      throw new SetupException(
          "no route in %s is from objects:<dataset>, so there is nothing to load"
              .formatted(routes()));
    }
  }

  private static String routes() {
    return Home.location("routes");
  }

  /** Those in the jar by their names: for a pattern Camel unpacks the whole jar, twice. */
  private static String routeFiles() {
    if (routes().startsWith("file:")) {
      return routes() + "/*" + ROUTES;
    }
    try {
      return Home.names("routes").stream()
          .filter(name -> name.endsWith(ROUTES))
          .map(name -> routes() + "/" + name)
          .collect(Collectors.joining(","));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  /** Names of the datasets that routes load, in order. */
  public Set<String> datasets() {
    return all().keySet();
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

  private Map<String, ObjectsEndpoint> all() {
    return main.getCamelContext()
        .getRegistry()
        .lookupByNameAndType("datasets", Datasets.class)
        .all();
  }

  /**
   * Compares what the buckets have of a dataset with the ledger, which knows then what is to be
   * loaded.
   *
   * @return how many objects are to be loaded now that were not before
   * @throws SetupException if that fails
   */
  public long reconcile(String dataset) {
    try (ProducerTemplate template = main.getCamelContext().createProducerTemplate()) {
      return template.requestBody("direct:compare", dataset, Long.class);
    } catch (CamelExecutionException e) {
      throw new SetupException(
          "%s cannot be looked through: %s"
              .formatted(dataset, getMostSpecificCause(e).getMessage()),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until nothing of a dataset is there to load now, and nothing is being loaded here. */
  public void drain(String dataset) throws InterruptedException {
    all().get(dataset).drain();
  }

  /**
   * Does in S3 what is due after the loads of a dataset, each once; what fails stays in the outbox.
   *
   * @throws SetupException if that cannot be done
   */
  public void actAfterLoad(String dataset) {
    try (ProducerTemplate template = main.getCamelContext().createProducerTemplate()) {
      template.requestBody("direct:after-load", dataset);
    } catch (CamelExecutionException e) {
      throw new SetupException(
          "nothing can be done with loaded objects of %s: %s"
              .formatted(dataset, getMostSpecificCause(e).getMessage()),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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

  /** What became of the edits of its routes and SQL. */
  public Edits edits() {
    return edits;
  }

  /** The loads of this application. */
  public Loads loads() {
    return loads;
  }

  @Override
  public void close() {
    long begun = System.nanoTime();
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
    main.stop();
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
