package io.github.camelingest.app;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Optional;
import javax.sql.DataSource;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The clients of S3, SQS and PostgreSQL that an application has. Closing closes them. */
final class Servers implements AutoCloseable {

  private final Settings settings;
  private final Clients.S3 reading = Clients.S3.reading();
  private final Clients.S3 copying = Clients.S3.copying();
  private HikariDataSource database;
  private SqsClient sqs;
  private String queueUrl;

  Servers(Settings settings) {
    this.settings = settings;
  }

  /**
   * Makes the clients, once each server has let us in, and brings the schemas up to date.
   *
   * @param listen whether somebody listens to the queue, where one is set
   * @throws SetupException if one does not let us in
   */
  void connect(boolean listen) {
    StartChecks checks = new StartChecks(settings);
    boolean migrated = checks.database();
    checks.bucket(reading.of("", false));
    if (listen && !settings.queue().isEmpty()) {
      sqs = Clients.sqs();
      queueUrl = checks.queueUrl(sqs);
      checks.warnOfNoDeadLetterQueue(sqs, queueUrl);
    }
    connectUnasked();
    if (!migrated) {
      Migrations.apply(settings);
    }
  }

  /** Makes clients of S3 and PostgreSQL, and asks nothing of the servers. */
  void connectUnasked() {
    database = Clients.database(settings);
  }

  /** Those that fetch objects. */
  Clients.S3 reading() {
    return reading;
  }

  /** Those that let S3 copy objects. */
  Clients.S3 copying() {
    return copying;
  }

  DataSource database() {
    return database;
  }

  /** Of the queue that is listened to, if one is. */
  Optional<String> queueUrl() {
    return Optional.ofNullable(queueUrl);
  }

  /** Null where nobody listens. */
  SqsClient sqs() {
    return sqs;
  }

  @Override
  public void close() {
    if (database != null) {
      database.close();
    }
    if (sqs != null) {
      sqs.close();
    }
    copying.close();
    reading.close();
  }
}
