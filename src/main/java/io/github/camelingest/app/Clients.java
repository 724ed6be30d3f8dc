package io.github.camelingest.app;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.camelingest.ledger.Claims;
import io.github.camelingest.load.S3Clients;
import io.github.camelingest.routes.Database;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/** The connections to the three servers. One of each is shared by all routes. */
public final class Clients {

  /** Connections besides those of writers and loads: heartbeat, comparison, looks at the ledger. */
  private static final int SPARE_CONNECTIONS = 4;

  /** That are busy at the same time; others wait for a connection now and then. */
  private static final int DATASETS = 4;

  /** More than there are loads; each load has one. */
  private static final int S3_CONNECTIONS = 128;

  /** How long to wait for a connection; the next try begins where this one ends. */
  private static final long CONNECTION_MILLIS = 2_000;

  /**
   * Long enough for a batch; a server that does not answer for so long is away. (The kernel's own
   * patience is hours.) What shows a whole object at once has no limit.
   */
  private static final String SOCKET_SECONDS = "300";

  private static final String TRIAL_SECONDS = "5";

  /**
   * A paused instance must not hold its locks for longer than its lease. (PostgreSQL's manual,
   * "Client Connection Defaults")
   */
  private static final String SESSION =
      "-c idle_in_transaction_session_timeout=" + Claims.LEASE.toMillis();

  /**
   * S3 sends its next bytes within this time, or the load goes on with a new request. Shorter than
   * a stop may take.
   */
  private static final Duration S3_SILENCE = Duration.ofSeconds(5);

  /** S3 says nothing while it copies up to 5 GB. */
  private static final Duration S3_COPIES = Duration.ofMinutes(5);

  private Clients() {}

  static HikariDataSource database(Settings settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("ingest");
    config.setJdbcUrl(settings.dbUrl());
    config.setUsername(settings.dbUser());
    config.setPassword(settings.dbPassword());
    config.setMaximumPoolSize(
        settings.writers() + DATASETS * settings.maxInFlight() + SPARE_CONNECTIONS);
    config.setMinimumIdle(1);
    // The checks at start have better messages than the pool.
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(CONNECTION_MILLIS);
    config.setValidationTimeout(CONNECTION_MILLIS);
    config.addDataSourceProperty("ApplicationName", "camel-ingest");
    config.addDataSourceProperty("options", SESSION);
    config.addDataSourceProperty("tcpKeepAlive", "true");
    config.addDataSourceProperty("socketTimeout", SOCKET_SECONDS);
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    return new HikariDataSource(config);
  }

  /** The database for a trial of SQL, which is to be over before a user wonders. */
  static Database trial(Settings settings) {
    Properties login = new Properties();
    login.setProperty("user", settings.dbUser());
    login.setProperty("password", settings.dbPassword());
    login.setProperty("ApplicationName", "camel-ingest");
    login.setProperty("loginTimeout", TRIAL_SECONDS);
    login.setProperty("socketTimeout", TRIAL_SECONDS);
    return () -> DriverManager.getConnection(settings.dbUrl(), login);
  }

  /** The connections to S3: one client for each role, made when it is first needed. */
  static final class S3 implements S3Clients, AutoCloseable {

    private final Map<Identity, S3Client> clients = new HashMap<>();
    private final Duration silence;

    private record Identity(String role, boolean requesterPays) {}

    private S3(Duration silence) {
      this.silence = silence;
    }

    /** Those that fetch objects. */
    static S3 reading() {
      return new S3(S3_SILENCE);
    }

    /** Those that let S3 copy objects. */
    static S3 copying() {
      return new S3(S3_COPIES);
    }

    @Override
    public synchronized S3Client of(String role, boolean requesterPays) {
      return clients.computeIfAbsent(new Identity(role, requesterPays), this::client);
    }

    private S3Client client(Identity identity) {
      return built(
          () ->
              S3Client.builder()
                  .forcePathStyle(hasOwnEndpoint())
                  // Buckets of other regions say where they are.
                  .crossRegionAccessEnabled(true)
                  .credentialsProvider(credentials(identity.role()))
                  .overrideConfiguration(
                      override -> {
                        if (identity.requesterPays()) {
                          override.putHeader("x-amz-request-payer", "requester");
                        }
                      })
                  .httpClientBuilder(
                      ApacheHttpClient.builder()
                          .socketTimeout(silence)
                          .maxConnections(S3_CONNECTIONS))
                  .build());
    }

    private static AwsCredentialsProvider credentials(String role) {
      if (role.isEmpty()) {
        return DefaultCredentialsProvider.builder().build();
      }
      return StsAssumeRoleCredentialsProvider.builder()
          .stsClient(StsClient.builder().httpClientBuilder(ApacheHttpClient.builder()).build())
          .refreshRequest(request -> request.roleArn(role).roleSessionName("camel-ingest"))
          .build();
    }

    @Override
    public synchronized void close() {
      clients.values().forEach(S3Client::close);
    }
  }

  /**
   * @throws SetupException if the region is not known
   */
  public static SqsClient sqs() {
    return built(() -> SqsClient.builder().httpClientBuilder(ApacheHttpClient.builder()).build());
  }

  /** What the SDK refuses to build without is the region. */
  private static <T> T built(Supplier<T> client) {
    try {
      return client.get();
    } catch (SdkClientException e) {
      throw new SetupException(
          "the AWS region is not known; set AWS_REGION, or a region in the AWS profile", e);
    }
  }

  /** Servers that are not Amazon's rarely answer to the bucket's name as a host. */
  private static boolean hasOwnEndpoint() {
    return Stream.of("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
        .anyMatch(System.getenv()::containsKey);
  }
}
