package io.github.camelingest.app;

import io.github.camelingest.batch.BatchWriter;
import io.github.camelingest.batch.RowBatching;
import io.github.camelingest.batch.TransactionPolicy;
import io.github.camelingest.discovery.BucketScan;
import io.github.camelingest.discovery.Datasets;
import io.github.camelingest.discovery.S3Events;
import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.ledger.Claims;
import io.github.camelingest.ledger.Ledger;
import io.github.camelingest.ledger.Outages;
import io.github.camelingest.load.JsonLines;
import io.github.camelingest.load.LineOutcomes;
import io.github.camelingest.load.Lines;
import io.github.camelingest.load.Loads;
import io.github.camelingest.load.ObjectOpener;
import io.github.camelingest.load.Rejections;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import javax.sql.DataSource;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import software.amazon.awssdk.services.s3.S3Client;

/** The beans that routes name. */
final class Beans implements CamelConfiguration {

  private final Settings settings;
  private final S3Client s3;
  private final DataSource database;
  private final Outages outages;
  private final Claims claims;
  private final Ledger ledger;
  private final Loads loads;
  private final ExecutorService loaders;
  private final ExecutorService writers;

  Beans(
      Settings settings,
      S3Client s3,
      DataSource database,
      Outages outages,
      ExecutorService loaders,
      ExecutorService writers) {
    this.settings = settings;
    this.s3 = s3;
    this.database = database;
    this.outages = outages;
    this.loaders = loaders;
    this.writers = writers;
    claims = new Claims(database, outages, UUID.randomUUID().toString());
    ledger = new Ledger(database, outages);
    loads = new Loads(claims, ledger, settings.maxAttempts());
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
    Backlog backlog = new Backlog(database, outages);
    DataSourceTransactionManager transactions = new DataSourceTransactionManager(database);
    registry.bind("databaseHealth", new DatabaseHealth(outages));
    registry.bind("dataSource", database);
    registry.bind("s3", s3);
    // discovery
    registry.bind("datasets", datasets);
    registry.bind("s3Events", new S3Events(datasets, settings.bucket()));
    registry.bind("bucketScan", new BucketScan(s3, backlog, settings.bucket()));
    registry.bind("backlog", backlog);
    registry.bind("loaders", loaders);
    // load
    registry.bind("loads", loads);
    registry.bind(
        "objectOpener", new ObjectOpener(s3, claims, ledger, settings.maxCompressionRatio()));
    registry.bind("lines", new Lines(settings.maxLineBytes()));
    registry.bind("lineOutcomes", new LineOutcomes());
    registry.bind("json", JsonLines.mapper());
    registry.bind("rejections", new Rejections());
    // batch
    registry.bind("rowBatching", new RowBatching());
    registry.bind("writers", writers);
    registry.bind("batchWriter", new BatchWriter(transactions, database, ledger, outages));
    registry.bind("transaction", new TransactionPolicy(transactions, database, outages));
  }
}
