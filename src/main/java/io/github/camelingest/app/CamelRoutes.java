package io.github.camelingest.app;

import static org.springframework.core.NestedExceptionUtils.getMostSpecificCause;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.github.camelingest.discovery.Datasets;
import io.github.camelingest.discovery.Queue;
import io.github.camelingest.load.ObjectsEndpoint;
import io.github.camelingest.routes.Editing;
import io.github.camelingest.routes.Edits;
import io.github.camelingest.routes.Folder;
import io.github.camelingest.routes.Problem;
import io.github.camelingest.routes.RunningRoutes;
import io.github.camelingest.routes.Sources;
import io.github.camelingest.routes.Trial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.aws2.sqs.Sqs2Consumer;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainConfigurationProperties;
import org.slf4j.LoggerFactory;

/** Camel with the users' routes, and with what these find: placeholders, beans and clients. */
final class CamelRoutes implements AutoCloseable {

  /**
   * How long routes may take to stop. Nothing is under way then but a wait for messages, which is
   * broken off.
   */
  private static final int STOP_SECONDS = 1;

  private final Settings settings;
  private final Main main = new Main();
  private final Folder routes = Home.folder("routes");
  private final Folder sql = Home.folder("sql/load");

  /** What routes name in double braces. */
  private final Properties placeholders = new Properties();

  /** Beans besides {@link Beans}. */
  private final Map<String, Object> clients = new HashMap<>();

  private Trial trial;
  private RunningRoutes running;

  /**
   * @param discover whether routes look for objects
   */
  CamelRoutes(Settings settings, Servers servers, boolean discover) {
    this.settings = settings;
    placeholders.putAll(settings.placeholders());
    placeholders.setProperty("ingest.sql", Home.location("sql"));
    // So that several instances do not list at the same time, hour by hour.
    placeholders.setProperty(
        "ingest.reconcile-interval",
        Long.toString(
            (long)
                (settings.reconcileInterval().toMillis()
                    * ThreadLocalRandom.current().nextDouble(0.9, 1.1))));
    placeholders.setProperty("ingest.discovery", discover ? "poll" : "none");
    servers.queueUrl().ifPresent(url -> listen(servers, url));
  }

  private void listen(Servers servers, String url) {
    placeholders.setProperty("ingest.discovery", "queue");
    placeholders.setProperty("ingest.queue-url", url);
    placeholders.setProperty("ingest.queue-name", url.substring(url.lastIndexOf('/') + 1));
    clients.put("sqs", servers.sqs());
    clients.put("queue", new Queue(servers.sqs(), url));
  }

  /**
   * Starts them.
   *
   * @param idle beans that load nothing, for trials of routes
   * @param watching nothing where nobody watches
   * @throws SetupException if they cannot be read, or one of them is wrong
   */
  void start(Beans beans, Beans idle, Optional<Watching> watching) {
    trial = new Trial(new TrialContexts(placeholders, idle, clients), Clients.trial(settings));
    running = new RunningRoutes(sources());
    configure(main.configure());
    // JMX costs start time and memory.
    main.configure().setJmxEnabled(watching.isPresent());
    main.configure().addConfiguration(beans);
    watching.ifPresent(all -> all.configure(main));
    clients.forEach(main::bind);
    main.configure().addRoutesBuilder(running);
    try {
      main.start();
    } catch (Exception e) {
      throw new SetupException(
          "the routes in %s do not start: %s".formatted(routes.location(), why(e)), e);
    }
    if (datasets().isEmpty()) {
      throw new SetupException(
          "no route in %s is from objects:<dataset>, so there is nothing to load"
              .formatted(routes.location()));
    }
  }

  private void configure(MainConfigurationProperties camel) {
    main.setOverrideProperties(placeholders);
    main.setDefaultPropertyPlaceholderLocation("false");
    camel.setName("camel-ingest");
    camel.setRoutesIncludePattern("false");
    // A cached stream is a whole object on the heap.
    camel.setStreamCachingEnabled(false);
    camel.setCaseInsensitiveHeaders(false);
    camel.setShutdownTimeout(STOP_SECONDS);
    camel.setShutdownLogInflightExchangesOnTimeout(false);
  }

  private Sources sources() {
    try {
      return Sources.read(routes, sql);
    } catch (IOException e) {
      throw new SetupException("the routes and their SQL cannot be read: " + e, e);
    }
  }

  /** With its place, where a trial finds it. */
  private String why(Exception failure) {
    return trial.of(sources()).problems().stream()
        .findFirst()
        .map(Problem::toString)
        .orElse(getMostSpecificCause(failure).getMessage());
  }

  /**
   * What takes up edits of the running routes, once it is started.
   *
   * @param begun told of each dataset that is loaded from then on, or from elsewhere
   */
  Editing editing(Edits edits, BooleanSupplier databaseIsAway, Consumer<String> begun) {
    return new Editing(routes, sql, trial, running, edits, databaseIsAway, begun);
  }

  CamelContext context() {
    return main.getCamelContext();
  }

  /** Where routes load datasets from, by the names of these, in order. */
  Map<String, ObjectsEndpoint> datasets() {
    return bean("datasets", Datasets.class).all();
  }

  <T> T bean(String name, Class<T> type) {
    return context().getRegistry().lookupByNameAndType(name, type);
  }

  /**
   * Sends a message to an endpoint, and waits for the answer.
   *
   * @throws CamelExecutionException if the route fails
   */
  <T> T request(String uri, Object body, Class<T> answer) {
    try (ProducerTemplate template = context().createProducerTemplate()) {
      return template.requestBody(uri, body, answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    // That its wait for messages is broken off is no error.
    ((Logger) LoggerFactory.getLogger(Sqs2Consumer.class)).setLevel(Level.OFF);
    main.stop();
  }
}
