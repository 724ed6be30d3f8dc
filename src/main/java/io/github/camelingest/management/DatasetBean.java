package io.github.camelingest.management;

import io.github.camelingest.ledger.DatasetFigures;
import io.github.camelingest.ledger.DatasetStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;

/**
 * A dataset, for JMX: what the ledger said last, at most some seconds ago where it can be asked. No
 * attribute waits for it. Thread-safe.
 */
@ManagedResource(description = "A dataset, as the ledger knows it")
public final class DatasetBean {

  private final String dataset;
  private final LedgerView ledger;

  DatasetBean(String dataset, LedgerView ledger) {
    this.dataset = dataset;
    this.ledger = ledger;
  }

  @ManagedAttribute(description = "Name of the dataset")
  public String getDataset() {
    return dataset;
  }

  @ManagedAttribute(description = "Objects that wait to be loaded")
  public long getWaiting() {
    return count(DatasetStatus::waiting);
  }

  @ManagedAttribute(description = "Objects that are being loaded")
  public long getLoading() {
    return count(DatasetStatus::loading);
  }

  @ManagedAttribute(description = "Objects that are loaded")
  public long getLoaded() {
    return count(DatasetStatus::loaded);
  }

  @ManagedAttribute(description = "Objects that failed and are not tried again")
  public long getFailed() {
    return count(DatasetStatus::failed);
  }

  @ManagedAttribute(description = "Objects that need not be loaded any more: superseded or gone")
  public long getEnded() {
    return count(DatasetStatus::ended);
  }

  @ManagedAttribute(description = "Rows of all objects")
  public long getRows() {
    return count(DatasetStatus::rows);
  }

  @ManagedAttribute(description = "Rejected lines of all objects")
  public long getRejected() {
    return count(DatasetStatus::rejected);
  }

  @ManagedAttribute(description = "Objects that wait or are being loaded")
  public long getBacklog() {
    return count(counts -> counts.waiting() + counts.loading());
  }

  @ManagedAttribute(
      description =
          "For how many seconds S3 has had the object that has waited or loaded for longest")
  public long getOldestSeconds() {
    return figures()
        .flatMap(all -> all.oldest().map(since -> Duration.between(since, all.at()).toSeconds()))
        .orElse(0L);
  }

  @ManagedAttribute(
      description = "Rows a second that came between the last two looks at the ledger")
  public double getRowsPerSecond() {
    return ledger.seen().rowsPerSecond().getOrDefault(dataset, 0.0);
  }

  @ManagedAttribute(description = "When the newest load ended; empty before the first")
  public String getLastLoaded() {
    return figures().map(all -> all.counts().lastLoaded()).map(Object::toString).orElse("");
  }

  @ManagedAttribute(description = "Why an object is not loaded; empty where none failed")
  public String getLastError() {
    return figures().flatMap(DatasetFigures::error).orElse("");
  }

  private Optional<DatasetFigures> figures() {
    return Optional.ofNullable(ledger.seen().datasets().get(dataset));
  }

  private long count(ToLongFunction<DatasetStatus> count) {
    return figures().map(DatasetFigures::counts).map(count::applyAsLong).orElse(0L);
  }
}
