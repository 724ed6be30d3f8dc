package io.github.camelingest.app;

import static org.springframework.core.NestedExceptionUtils.getMostSpecificCause;

import com.zaxxer.hikari.HikariDataSource;
import io.github.camelingest.afterload.Actions;
import io.github.camelingest.discovery.BucketScan;
import io.github.camelingest.discovery.Datasets;
import io.github.camelingest.discovery.Queue;
import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.ledger.BatchWitness;
import io.github.camelingest.ledger.Claims;
import io.github.camelingest.ledger.Instance;
import io.github.camelingest.ledger.Instances;
import io.github.camelingest.ledger.Outages;
import io.github.camelingest.ledger.Outbox;
import io.github.camelingest.ledger.Replays;
import io.github.camelingest.ledger.StatusQuery;
import io.github.camelingest.load.Loads;
import io.github.camelingest.load.ObjectsEndpoint;
import io.github.camelingest.load.Work;
import io.github.camelingest.management.ManagementServer;
import io.github.camelingest.management.StatusPage;
import io.github.camelingest.routes.Editing;
import io.github.camelingest.routes.Edits;
import io.github.camelingest.routes.Folder;
import io.github.camelingest.routes.Problem;
import io.github.camelingest.routes.RunningRoutes;
import io.github.camelingest.routes.Sources;
import io.github.camelingest.routes.Trial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainConfigurationProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.transaction.TransactionException;
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

  /** insufficient_privilege */
  private static final String FORBIDDEN = "42501";

  private final Settings settings;
  private final Main main = new Main();
  private final Outages outages = new Outages();
  private final Edits edits = new Edits();
  private final Folder routeFolder = Home.folder("routes");

  /** What routes name in double braces. */
  private final Properties placeholders = new Properties();

  /** Beans for routes, besides {@link Beans}. */
  private final Map<String, Object> clients = new HashMap<>();

  private final Folder sqlFolder = Home.folder("sql/load");

  /** What to close at the end, the newest first. */
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();

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
      if (FORBIDDEN.equals(e.getSQLException().getSQLState())) {
        throw new SetupException(
            "'%s' may not read the ledger in the database %s: %s; change INGEST_DB_USER (%s)"
                .formatted(
                    settings.dbUser(),
                    settings.dbPlace(),
                    e.getSQLException().getMessage(),
                    settings.source("ingest.db.user")),
            e);
      }
      throw new SetupException(
          "the database %s has no ledger yet, or one of an earlier version; camel-ingest makes it when it loads; or change INGEST_DB_URL (%s)"
              .formatted(settings.dbPlace(), settings.source("ingest.db.url")),
          e);
    } catch (DataAccessException | TransactionException e) {
      throw new SetupException(
          "the database %s does not answer any more: %s"
              .formatted(settings.dbPlace(), getMostSpecificCause(e).getMessage()),
          e);
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
      look.accept(application.all().values());
    } finally {
      application.close();
    }
  }

  private void describe() {
    settings.check();
    Clients.S3 s3 = closing(Clients.S3.reading());
    HikariDataSource database = closing(Clients.database(settings));
    ExecutorService writers = new BlockingExecutor(settings.writers());
    resources.push(writers::shutdownNow);
    configure("none", false);
    main.configure().addConfiguration(idle(s3, s3, database, writers));
    main.configure().addRoutesBuilder(new RunningRoutes(sources()));
    startRoutes(trial(s3, s3, database, writers));
  }

  /** Beans that load nothing. */
  private Beans idle(
      Clients.S3 s3, Clients.S3 copying, DataSource database, ExecutorService writers) {
    return new Beans(
        settings, s3, copying, database, outages, writers, Work.nothing(), BatchWitness.NOBODY);
  }

  private Trial trial(
      Clients.S3 s3, Clients.S3 copying, DataSource database, ExecutorService writers) {
    return new Trial(
        new TrialContexts(placeholders, idle(s3, copying, database, writers), clients),
        Clients.trial(settings));
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
      checks.warnOfNoDeadLetterQueue(sqs, url);
      placeholders.setProperty("ingest.queue-url", url);
      placeholders.setProperty("ingest.queue-name", url.substring(url.lastIndexOf('/') + 1));
      clients.put("sqs", sqs);
      clients.put("queue", new Queue(sqs, url));
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

    configure(!work.discover() ? "none" : queue ? "queue" : "poll", watching.isPresent());
    main.configure().addConfiguration(beans);
    watching.ifPresent(all -> all.configure(main));
    clients.forEach(main::bind);
    Trial trial = trial(s3, copying, database, writers);
    RunningRoutes routes = new RunningRoutes(sources());
    main.configure().addRoutesBuilder(routes);
    startRoutes(trial);
    Reporting reporting =
        closing(
            new Reporting(
                new Instances(database),
                claims.owner(),
                loads,
                main.getCamelContext(),
                this::edited,
                management.map(ManagementServer::address).orElse(null)));
    reporting.start();
    actions = main.getCamelContext().getRegistry().lookupByNameAndType("afterLoad", Actions.class);
    replays = new Replays(database, outages, datasets());
    if (work.discover()) {
      editing =
          new Editing(
              routeFolder,
              sqlFolder,
              trial,
              routes,
              edits,
              () -> outages.current().isPresent(),
              this::compare);
      editing.start();
      LOG.info("loads {}", datasets());
    }
    management.ifPresent(
        server -> {
          watching.orElseThrow().serve(server, main);
          server.serve(
              "/",
              closing(
                  new StatusPage(
                      () -> new StatusQuery(database).status(StatusPage.MINUTES),
                      reporting::instance)));
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

  private void configure(String discovery, boolean watched) {
    placeholders.putAll(settings.placeholders());
    placeholders.setProperty("ingest.discovery", discovery);
    // So that several instances do not list at the same time, hour by hour.
    placeholders.setProperty(
        "ingest.reconcile-interval",
        Long.toString(
            (long)
                (settings.reconcileInterval().toMillis()
                    * ThreadLocalRandom.current().nextDouble(0.9, 1.1))));
    placeholders.setProperty("ingest.sql", Home.location("sql"));
    main.setOverrideProperties(placeholders);
    main.setDefaultPropertyPlaceholderLocation("false");
    MainConfigurationProperties camel = main.configure();
    // Nobody watches what ends by itself.
    camel.setJmxEnabled(watched);
    camel.setName("camel-ingest");
    camel.setRoutesIncludePattern("false");
    // A cached stream is a whole object on the heap.
    camel.setStreamCachingEnabled(false);
    camel.setCaseInsensitiveHeaders(false);
    camel.setShutdownTimeout(ROUTES_STOP_SECONDS);
    camel.setShutdownLogInflightExchangesOnTimeout(false);
  }

  /**
   * @throws SetupException if they cannot be read
   */
  private Sources sources() {
    try {
      return Sources.read(routeFolder, sqlFolder);
    } catch (IOException e) {
      throw new SetupException("the routes and their SQL cannot be read: " + e, e);
    }
  }

  private void startRoutes(Trial trial) {
    try {
      main.start();
    } catch (Exception e) {
      throw new SetupException(
          "the routes in %s do not start: %s".formatted(routeFolder.location(), why(e, trial)), e);
    }
    if (datasets().isEmpty()) {
      throw new SetupException(
          "no route in %s is from objects:<dataset>, so there is nothing to load"
              .formatted(routeFolder.location()));
    }
  }

  /** With its place, where a trial finds it. */
  private String why(Exception failure, Trial trial) {
    return trial.of(sources()).problems().stream()
        .findFirst()
        .map(Problem::toString)
        .orElse(getMostSpecificCause(failure).getMessage());
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

  /**
   * The same for what has keys that begin so.
   *
   * @throws SetupException if the dataset has no such keys, or that fails
   */
  public long reconcile(String dataset, String prefix) {
    try {
      return main.getCamelContext()
          .getRegistry()
          .lookupByNameAndType("bucketScan", BucketScan.class)
          .compareUnder(dataset, prefix);
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
