package io.github.camelingest.app;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The connections to the three servers. One of each is shared by all routes. */
final class Clients {

  /** Connections besides those of writers and loads: heartbeat, scan, migration. */
  private static final int SPARE_CONNECTIONS = 3;

  private Clients() {}

  static HikariDataSource database(Settings settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("ingest");
    config.setJdbcUrl(settings.dbUrl());
    config.setUsername(settings.dbUser());
    config.setPassword(settings.dbPassword());
    config.setMaximumPoolSize(settings.writers() + settings.maxInFlight() + SPARE_CONNECTIONS);
    config.setMinimumIdle(1);
    // The checks at start have better messages than the pool.
    config.setInitializationFailTimeout(-1);
    config.addDataSourceProperty("ApplicationName", "camel-ingest");
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    return new HikariDataSource(config);
  }

  static S3Client s3(Settings settings) {
    return built(
        () ->
            S3Client.builder()
                .forcePathStyle(hasOwnEndpoint())
                .httpClientBuilder(
                    ApacheHttpClient.builder()
                        .maxConnections(settings.maxInFlight() + SPARE_CONNECTIONS))
                .build());
  }

  static SqsClient sqs(Settings settings) {
    return built(
        () ->
            SqsClient.builder()
                .httpClientBuilder(
                    ApacheHttpClient.builder()
                        .maxConnections(settings.maxInFlight() + SPARE_CONNECTIONS))
                .build());
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
