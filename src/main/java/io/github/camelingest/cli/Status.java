package io.github.camelingest.cli;

import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.ledger.DatasetStatus;
import io.github.camelingest.ledger.Outages;
import io.github.camelingest.ledger.Outbox;
import io.github.camelingest.ledger.Reconciliation;
import io.github.camelingest.ledger.StrayMessages;
import java.util.List;
import javax.sql.DataSource;

/**
 * What the ledger knows.
 *
 * @param comparisons the last one of each place
 * @param afterLoad what is still to be done with loaded objects, of datasets where something is
 * @param foreign events of buckets or prefixes that no dataset has
 * @param unreadable messages that nobody understands
 */
record Status(
    List<DatasetStatus> datasets,
    List<Reconciliation> comparisons,
    List<Outbox.Waiting> afterLoad,
    StrayMessages.Summary foreign,
    StrayMessages.Summary unreadable) {

  static Status of(DataSource database, Outages outages) {
    Backlog backlog = new Backlog(database, outages);
    StrayMessages strays = new StrayMessages(database, outages);
    return new Status(
        backlog.status(),
        backlog.comparisons(),
        new Outbox(database, outages).waiting(),
        strays.foreign(),
        strays.unreadable());
  }
}
