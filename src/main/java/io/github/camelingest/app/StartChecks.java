package io.github.camelingest.app;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Looks at each server before the routes do, so that a wrong setting is told in one line. */
public final class StartChecks {

  private static final Logger LOG = LoggerFactory.getLogger(StartChecks.class);

  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final String LOGIN_SECONDS = "10";

  private final Settings settings;

  public StartChecks(Settings settings) {
    this.settings = settings;
  }

  /**
   * Whether the schemas in the database are up to date.
   *
   * @throws SetupException if the database does not let us in
   */
  public boolean database() {
    try (Connection connection = login()) {
      return Migrations.areApplied(connection);
    } catch (SQLException e) {
      throw new SetupException(databaseMessage(e), e);
    }
  }

  /** A connection of the user who ingests, for questions that are answered soon. */
  public Connection login() throws SQLException {
    return login(settings.dbUser(), settings.dbPassword());
  }

  /** The same of the user who brings the schemas up to date. */
  public Connection migrationLogin() throws SQLException {
    return login(settings.migrationUser(), settings.migrationPassword());
  }

  private Connection login(String user, String password) throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", user);
    login.setProperty("password", password);
    login.setProperty("loginTimeout", LOGIN_SECONDS);
    login.setProperty("socketTimeout", LOGIN_SECONDS);
    return DriverManager.getConnection(settings.dbUrl(), login);
  }

  private String databaseMessage(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    if (state.startsWith("28")) {
      return "PostgreSQL at %s does not let user '%s' in: wrong user or password; check INGEST_DB_USER and INGEST_DB_PASSWORD (%s, %s)"
          .formatted(
              settings.dbPlace(),
              settings.dbUser(),
              settings.source("ingest.db.user"),
              settings.source("ingest.db.password"));
    }
    if (state.equals("3D000")) {
      return "the database of %s does not exist; create it or change INGEST_DB_URL (%s)"
          .formatted(settings.dbPlace(), settings.source("ingest.db.url"));
    }
    return "no PostgreSQL answers at %s: %s; start it or change INGEST_DB_URL (%s)"
        .formatted(settings.dbPlace(), e.getMessage(), settings.source("ingest.db.url"));
  }

  /**
   * @throws SetupException if the bucket is set and not there for us
   */
  void bucket(S3Client s3) {
    String bucket = settings.bucket();
    if (bucket.isEmpty()) {
      return;
    }
    try {
      s3.headBucket(request -> request.bucket(bucket));
    } catch (NoSuchBucketException e) {
      throw new SetupException(noBucket(bucket), e);
    } catch (S3Exception e) {
      if (e.statusCode() == NOT_FOUND) {
        throw new SetupException(noBucket(bucket), e);
      }
      if (e.statusCode() == FORBIDDEN) {
        throw new SetupException(
            "access to bucket '%s' is denied; check the AWS credentials and that they may list it"
                .formatted(bucket),
            e);
      }
      throw new SetupException(
          "bucket '%s' cannot be read: %s".formatted(bucket, e.getMessage()), e);
    } catch (SdkException e) {
      throw new SetupException(
          "S3 cannot be reached: %s; check AWS_REGION, AWS credentials and AWS_ENDPOINT_URL_S3"
              .formatted(reason(e)),
          e);
    }
  }

  /** What the SDK said; where it found no credentials, that lists the names of all its classes. */
  private static String reason(SdkException e) {
    boolean noCredentials = e.getMessage().startsWith("Unable to load credentials");
    return noCredentials ? "no AWS credentials are found" : e.getMessage();
  }

  private String noBucket(String bucket) {
    return "bucket '%s' does not exist; create it or change INGEST_BUCKET (%s)"
        .formatted(bucket, settings.source("ingest.bucket"));
  }

  /**
   * The URL of the queue.
   *
   * @throws SetupException if there is no such queue for us
   */
  String queueUrl(SqsClient sqs) {
    String queue = settings.queue();
    String name = queue.substring(queue.lastIndexOf('/') + 1);
    try {
      String url = sqs.getQueueUrl(request -> request.queueName(name)).queueUrl();
      return queue.contains("/") ? queue : url;
    } catch (QueueDoesNotExistException e) {
      throw new SetupException(
          "queue '%s' does not exist; create it or change INGEST_QUEUE (%s); empty means polling"
              .formatted(queue, settings.source("ingest.queue")),
          e);
    } catch (SdkException e) {
      throw new SetupException(
          "queue '%s' cannot be reached: %s; check AWS_REGION, AWS credentials, AWS_ENDPOINT_URL_SQS and INGEST_QUEUE (%s)"
              .formatted(queue, reason(e), settings.source("ingest.queue")),
          e);
    }
  }

  /** Warns if messages that nobody understands would stay in the queue. */
  void warnOfNoDeadLetterQueue(SqsClient sqs, String url) {
    try {
      boolean has =
          sqs.getQueueAttributes(
                  request ->
                      request.queueUrl(url).attributeNames(QueueAttributeName.REDRIVE_POLICY))
              .attributes()
              .containsKey(QueueAttributeName.REDRIVE_POLICY);
      if (!has) {
        LOG.warn(
            "queue {} has no dead-letter queue (RedrivePolicy): a message that nobody understands comes back until the queue's retention period is over",
            url);
      }
    } catch (SqsException e) {
      LOG.warn("queue {} does not say whether it has a dead-letter queue: {}", url, e.getMessage());
    }
  }
}
