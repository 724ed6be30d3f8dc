package io.github.camelingest.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelingest.afterload.Actions;
import io.github.camelingest.batch.BatchRows;
import io.github.camelingest.batch.BatchWriter;
import io.github.camelingest.batch.HeldBackWriter;
import io.github.camelingest.batch.RowBatching;
import io.github.camelingest.batch.TransactionPolicy;
import io.github.camelingest.discovery.BucketScan;
import io.github.camelingest.discovery.Datasets;
import io.github.camelingest.discovery.Polling;
import io.github.camelingest.discovery.S3Events;
import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.ledger.BatchWitness;
import io.github.camelingest.ledger.Claims;
import io.github.camelingest.ledger.CommittedLines;
import io.github.camelingest.ledger.HeldRows;
import io.github.camelingest.ledger.Ledger;
import io.github.camelingest.ledger.Outages;
import io.github.camelingest.ledger.Outbox;
import io.github.camelingest.ledger.StrayMessages;
import io.github.camelingest.load.ChunkOutcomes;
import io.github.camelingest.load.CurrentVersion;
import io.github.camelingest.load.JsonRows;
import io.github.camelingest.load.Lines;
import io.github.camelingest.load.Loads;
import io.github.camelingest.load.ObjectOpener;
import io.github.camelingest.load.ObjectsComponent;
import io.github.camelingest.load.Rejections;
import io.github.camelingest.load.Rows;
import io.github.camelingest.load.S3Clients;
import io.github.camelingest.load.Work;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import javax.sql.DataSource;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;
import org.apache.camel.util.concurrent.SynchronousExecutorService;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/**
 * The beans that routes name. Contexts in which routes are tried get them, too, again and again: so
 * nothing outside the context may notice.
 */
final class Beans implements CamelConfiguration {

  private final Settings settings;
  private final DataSource database;
  private final Outages outages;
  private final Claims claims;
  private final Ledger ledger;
  private final Backlog backlog;
  private final CurrentVersion current;
  private final Loads loads;
  private final S3Clients s3;
  private final Work work;
  private final Outbox outbox;
  private final S3Clients copying;
  private final ExecutorService writers;
  private final BatchWitness witness;

  /**
   * @param copying lets S3 copy objects, which takes it long
   * @param work what is loaded here
   * @param witness told of batches
   */
  Beans(
      Settings settings,
      S3Clients s3,
      S3Clients copying,
      DataSource database,
      Outages outages,
      ExecutorService writers,
      Work work,
      BatchWitness witness) {
    this.settings = settings;
    this.database = database;
    this.outages = outages;
    this.writers = writers;
    this.witness = witness;
    claims = new Claims(database, outages, UUID.randomUUID().toString());
    ledger = new Ledger(database, outages);
    backlog = new Backlog(database, outages);
    outbox = new Outbox(database, outages);
    this.copying = copying;
    current = new CurrentVersion(backlog);
    loads = new Loads(claims, ledger, current, settings.maxAttempts());
    this.s3 = s3;
    this.work = work;
  }

  /** What waits to be loaded. */
  Backlog backlog() {
    return backlog;
  }

  /** What is to be done with objects after their load. */
  Outbox outbox() {
    return outbox;
  }

  /** The claims of this instance. */
  Claims claims() {
    return claims;
  }

  /** The loads of this instance. */
  Loads loads() {
    return loads;
  }

  @Override
  public void configure(CamelContext context) {
    Registry registry = context.getRegistry();
    Datasets datasets = new Datasets(context);
    DataSourceTransactionManager transactions = new DataSourceTransactionManager(database);
    registry.bind("databaseHealth", new DatabaseHealth(outages));
    registry.bind("dataSource", database);
    // discovery
    registry.bind("datasets", datasets);
    registry.bind(
        "s3Events",
        new S3Events(
            datasets,
            backlog,
            new StrayMessages(database, outages),
            settings.foreignEvents().equals("leave")));
    registry.bind("callersThread", new SynchronousExecutorService());
    BucketScan scan = new BucketScan(datasets, backlog, settings.ledgerRetention());
    registry.bind("bucketScan", scan);
    registry.bind("polling", new Polling(scan, settings.pollInterval()));
    // afterload
    registry.bind(
        "afterLoad",
        new Actions(
            outbox, dataset -> datasets.all().get(dataset).s3(copying), Actions.COPIED_AT_ONCE));
    // load
    context.addComponent(ObjectsComponent.SCHEME, new ObjectsComponent(claims, loads, s3, work));
    registry.bind("loads", loads);
    registry.bind(
        "objectOpener", new ObjectOpener(current, ledger, settings.maxCompressionRatio()));
    registry.bind("lines", new Lines(settings.maxLineBytes(), settings.batchSize()));
    registry.bind("chunkOutcomes", new ChunkOutcomes());
    registry.bind("rows", new Rows());
    registry.bind("jsonObjects", new JsonRows(ObjectNode.class));
    registry.bind("rejections", new Rejections());
    // batch
    registry.bind("rowBatching", new RowBatching());
    registry.bind("writers", writers);
    registry.bind("batchRows", new BatchRows());
    registry.bind(
        "batchWriter",
        new BatchWriter(transactions, database, new CommittedLines(database), outages, witness));
    registry.bind(
        "heldBackWriter",
        new HeldBackWriter(transactions, database, new HeldRows(database), witness));
    registry.bind("transaction", new TransactionPolicy(transactions, database, outages));
  }
}
