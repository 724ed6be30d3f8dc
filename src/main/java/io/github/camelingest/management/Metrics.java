package io.github.camelingest.management;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.camelingest.ledger.BatchWitness;
import io.github.camelingest.ledger.DatasetFigures;
import io.github.camelingest.ledger.DatasetStatus;
import io.github.camelingest.ledger.Outages;
import io.github.camelingest.ledger.Progress;
import io.github.camelingest.routes.Edits;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What Prometheus scrapes: what this instance did, what the ledger has, Camel's routes and the JVM.
 * Counts are made once for a batch or an object. Thread-safe.
 */
public final class Metrics implements HttpHandler, BatchWitness, AutoCloseable {

  public static final String PATH = "/observe/metrics";

  /** Prometheus' own, which whoever else scrapes understands, too. */
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  /** Prometheus gives a scrape 10 s; older figures are better than none. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** Listens to the collectors, until it is closed. */
  private final JvmGcMetrics gc = new JvmGcMetrics();

  private final Map<String, DatasetMeters> datasets = new ConcurrentHashMap<>();
  private final LedgerView ledger;
  private final MultiGauge objects;
  private final MultiGauge backlog;
  private final MultiGauge oldest;

  /**
   * @param writers the threads that write batches
   */
  public Metrics(LedgerView ledger, Outages outages, Edits edits, ThreadPoolExecutor writers) {
    this.ledger = ledger;
    objects =
        MultiGauge.builder("ingest.objects")
            .description("Objects in the ledger, by state")
            .register(registry);
    backlog =
        MultiGauge.builder("ingest.backlog.objects")
            .description("Objects that wait or are being loaded")
            .register(registry);
    oldest =
        MultiGauge.builder("ingest.backlog.oldest")
            .description("For how long S3 has had the object that has waited or loaded for longest")
            .baseUnit("seconds")
            .register(registry);
    gauge(
        "ingest.ledger.age",
        "How old what is told of the ledger is",
        "seconds",
        ledger,
        view -> view.age().toMillis() / 1e3);
    gauge(
        "ingest.database.up",
        "Whether PostgreSQL is there: 1, or 0 while loading waits for it",
        null,
        outages,
        all -> all.current().isPresent() ? 0 : 1);
    FunctionCounter.builder("ingest.edits.applied", edits, Edits::applied)
        .description("Edits of routes and SQL that were taken")
        .register(registry);
    FunctionCounter.builder("ingest.edits.failed", edits, Edits::failures)
        .description("Edits of routes and SQL that were not taken")
        .register(registry);
    gauge(
        "ingest.edits.pending",
        "Whether the files are not what runs, since the last edit was not taken: 1 or 0",
        null,
        edits,
        all -> all.failure().isPresent() ? 1 : 0);
    gauge(
        "ingest.routes.missing",
        "Routes that should run and do not, since an edit could not be taken back",
        null,
        edits,
        all -> all.stopped().size());
    gauge(
        "ingest.writers",
        "Batches that may be written at a time",
        null,
        writers,
        ThreadPoolExecutor::getMaximumPoolSize);
    gauge(
        "ingest.writers.busy",
        "Batches that are being written",
        null,
        writers,
        ThreadPoolExecutor::getActiveCount);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    gc.bindTo(registry);
  }

  private <T> void gauge(
      String name, String description, String unit, T of, ToDoubleFunction<T> value) {
    Gauge.builder(name, of, value).description(description).baseUnit(unit).register(registry);
  }

  /** For Camel's own. */
  MeterRegistry registry() {
    return registry;
  }

  DatasetMeters of(String dataset) {
    return datasets.computeIfAbsent(dataset, name -> new DatasetMeters(registry, name));
  }

  @Override
  public void committed(String dataset, List<Progress> batch, Duration took) {
    of(dataset).committed(batch, took);
  }

  @Override
  public void again(String dataset) {
    of(dataset).again();
  }

  @Override
  public void refused(String dataset, long lines) {
    of(dataset).refused(lines);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    show(ledger.seen(PATIENCE));
    Answer.send(exchange, HttpURLConnection.HTTP_OK, TEXT, registry.scrape());
  }

  private void show(LedgerView.Look seen) {
    List<DatasetFigures> all = List.copyOf(seen.datasets().values());
    objects.register(all.stream().flatMap(one -> states(one.counts())).toList(), true);
    backlog.register(
        all.stream()
            .map(one -> MultiGauge.Row.of(tags(one.counts()), waiting(one.counts())))
            .toList(),
        true);
    oldest.register(
        all.stream().map(one -> MultiGauge.Row.of(tags(one.counts()), oldestSeconds(one))).toList(),
        true);
  }

  private static double oldestSeconds(DatasetFigures figures) {
    return figures
        .oldest()
        .map(since -> Math.max(0, Duration.between(since, figures.at()).toMillis() / 1e3))
        .orElse(0.0);
  }

  private static long waiting(DatasetStatus counts) {
    return counts.waiting() + counts.loading();
  }

  private static Stream<MultiGauge.Row<?>> states(DatasetStatus counts) {
    return Stream.of(
        state(counts, "waiting", counts.waiting()),
        state(counts, "loading", counts.loading()),
        state(counts, "loaded", counts.loaded()),
        state(counts, "failed", counts.failed()),
        state(counts, "ended", counts.ended()));
  }

  private static MultiGauge.Row<?> state(DatasetStatus counts, String state, long objects) {
    return MultiGauge.Row.of(tags(counts).and("state", state), objects);
  }

  private static Tags tags(DatasetStatus counts) {
    return Tags.of("dataset", counts.dataset());
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }
}
