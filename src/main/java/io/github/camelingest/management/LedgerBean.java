package io.github.camelingest.management;

import io.github.camelingest.ledger.DatasetFigures;
import io.github.camelingest.ledger.DatasetStatus;
import io.github.camelingest.ledger.Outages;
import io.github.camelingest.routes.Edits;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;

/**
 * The ledger and what runs beside it, for JMX. No attribute waits for the database. Thread-safe.
 */
@ManagedResource(description = "The ledger: all datasets together, and whether it can be reached")
public final class LedgerBean {

  private final LedgerView ledger;
  private final Outages outages;
  private final Edits edits;

  LedgerBean(LedgerView ledger, Outages outages, Edits edits) {
    this.ledger = ledger;
    this.outages = outages;
    this.edits = edits;
  }

  @ManagedAttribute(description = "Names of the datasets that it knows")
  public String getDatasets() {
    return ledger.seen().datasets().keySet().stream().sorted().collect(Collectors.joining(", "));
  }

  @ManagedAttribute(description = "Objects that wait or are being loaded")
  public long getBacklog() {
    return sum(counts -> counts.waiting() + counts.loading());
  }

  @ManagedAttribute(description = "Objects that are loaded")
  public long getLoaded() {
    return sum(DatasetStatus::loaded);
  }

  @ManagedAttribute(description = "Objects that failed and are not tried again")
  public long getFailed() {
    return sum(DatasetStatus::failed);
  }

  @ManagedAttribute(description = "Rows of all objects")
  public long getRows() {
    return sum(DatasetStatus::rows);
  }

  @ManagedAttribute(description = "Rejected lines of all objects")
  public long getRejected() {
    return sum(DatasetStatus::rejected);
  }

  @ManagedAttribute(
      description = "Rows a second that came between the last two looks at the ledger")
  public double getRowsPerSecond() {
    return ledger.seen().rowsPerSecond().values().stream().mapToDouble(rate -> rate).sum();
  }

  @ManagedAttribute(description = "How many seconds ago the ledger said so")
  public long getAgeSeconds() {
    return ledger.age().toSeconds();
  }

  @ManagedAttribute(description = "Why loading waits for PostgreSQL; empty where it does not")
  public String getOutage() {
    return outages.current().map(Outages.Outage::reason).orElse("");
  }

  @ManagedAttribute(
      description = "Why the last edit of a route or SQL was not taken; empty where it was")
  public String getFailedEdit() {
    return edits.failure().map(Edits.Failure::message).orElse("");
  }

  private long sum(ToLongFunction<DatasetStatus> count) {
    return ledger.seen().datasets().values().stream()
        .map(DatasetFigures::counts)
        .mapToLong(count)
        .sum();
  }
}
