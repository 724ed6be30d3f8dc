package io.github.camelingest.management;

import io.github.camelingest.ledger.Progress;
import io.github.camelingest.ledger.RejectedLine;
import io.github.camelingest.load.Load;
import io.github.camelingest.load.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts and times what this instance does for one dataset. All is there from the beginning, so
 * that a first event is a change. Thread-safe.
 */
final class DatasetMeters {

  private static final String DATASET = "dataset";

  /** Below what PostgreSQL usually takes for a batch, up to its being away. */
  private static final Duration[] BATCH_SECONDS = {
    Duration.ofMillis(10),
    Duration.ofMillis(50),
    Duration.ofMillis(250),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30)
  };

  private static final Duration[] LAG_SECONDS = {
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30),
    Duration.ofMinutes(5),
    Duration.ofHours(1),
    Duration.ofDays(1)
  };

  private final MeterRegistry registry;
  private final String dataset;
  private final Counter rows;
  private final Map<String, Counter> rejected = new ConcurrentHashMap<>();
  private final DistributionSummary batchLines;
  private final Timer batchDuration;
  private final Counter batchRetries;
  private final Counter loaded;
  private final Counter failures;
  private final Counter bytes;
  private final Timer lag;

  DatasetMeters(MeterRegistry registry, String dataset) {
    this.registry = registry;
    this.dataset = dataset;
    rows = counter("ingest.rows", "Rows that are committed");
    for (Reason reason : Reason.values()) {
      rejected(reason.code());
    }
    batchLines =
        DistributionSummary.builder("ingest.batch.lines")
            .description("Lines of a committed batch, rejected ones included")
            .tag(DATASET, dataset)
            .register(registry);
    batchDuration =
        Timer.builder("ingest.batch.duration")
            .description("How long a batch took, from the first attempt to its commit")
            .tag(DATASET, dataset)
            .serviceLevelObjectives(BATCH_SECONDS)
            .register(registry);
    batchRetries =
        counter(
            "ingest.batch.retries",
            "Attempts to write a batch after one that a passing fault of the database ended");
    loaded = counter("ingest.objects.loaded", "Objects that were loaded");
    failures =
        counter("ingest.load.failures", "Loads that failed; their objects may be tried again");
    bytes = counter("ingest.s3.bytes", "Bytes of the objects that were loaded, as stored in S3");
    lag =
        Timer.builder("ingest.lag")
            .description("From when S3 took an object until it was loaded")
            .tag(DATASET, dataset)
            .serviceLevelObjectives(LAG_SECONDS)
            .register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).tag(DATASET, dataset).register(registry);
  }

  private Counter rejected(String reason) {
    return rejected.computeIfAbsent(
        reason,
        code ->
            Counter.builder("ingest.rejected.lines")
                .description("Lines that were rejected")
                .tag(DATASET, dataset)
                .tag("reason", code)
                .register(registry));
  }

  void committed(List<Progress> batch, Duration took) {
    long batchRows = 0;
    long batchRejected = 0;
    for (Progress part : batch) {
      batchRows += part.rows();
      batchRejected += part.rejected().size();
      for (RejectedLine line : part.rejected()) {
        rejected(line.reason()).increment();
      }
    }
    rows.increment(batchRows);
    batchLines.record(batchRows + batchRejected);
    batchDuration.record(took);
  }

  void again() {
    batchRetries.increment();
  }

  void refused(long lines) {
    rejected(Reason.REFUSED.code()).increment(lines);
  }

  void loaded(Load load) {
    loaded.increment();
    bytes.increment(load.claim().object().size());
    load.takenByS3().ifPresent(at -> lag.record(Duration.between(at, Instant.now())));
  }

  void failed() {
    failures.increment();
  }
}
