package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.camelingest.it.FaultProxy.Fault;
import io.github.camelingest.local.SampleData;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Datasets whose objects are elsewhere than under their name in the one bucket. */
class SourcesIT {

  private static final String SHIPPED = "source: s3://{{ingest.bucket}}/visits/";
  private static final String ROLE = "arn:aws:iam::123456789012:role/reader";

  private final Space space = Space.create();
  private final Space other = Space.create();

  @Test
  void aDatasetMayHaveSeveralPlacesInSeveralBuckets(@TempDir Path folder) throws IOException {
    // Given one whose second place is in another bucket, whose events the queue hears as well
    Routes.copy(folder)
        .replace("visits", SHIPPED, SHIPPED + ", s3://%s/reports/2026/".formatted(other.bucket()));
    space.put("visits/a.jsonl", new SampleData(1).visits(10));
    other.put("reports/2026/b.jsonl", new SampleData(2).visits(10));
    other.put("reports/2025/c.jsonl", new SampleData(3).visits(10));
    try (Jar jar = Jar.start(folder, space.environment(), "run")) {
      jar.awaitUntil(() -> space.number("select count(*) from ingest.files where complete") == 2);

      // When
      other.put("reports/2026/d.jsonl", new SampleData(4).visits(10));
      String event;
      do {
        event = other.receive().get(0);
      } while (!event.contains("reports/2026/d.jsonl"));
      space.send(event);

      // Then
      jar.awaitUntil(() -> space.number("select count(*) from ingest.files where complete") == 3);
    }
    assertThat(space.sql().sql("select object from ingest.files").query(String.class).list())
        .containsExactlyInAnyOrder(
            "s3://%s/visits/a.jsonl".formatted(space.bucket()),
            "s3://%s/reports/2026/b.jsonl".formatted(other.bucket()),
            "s3://%s/reports/2026/d.jsonl".formatted(other.bucket()));
  }

  @Test
  void ofPlacesWithinEachOtherTheInnermostCounts(@TempDir Path folder) throws IOException {
    // Given networks in a folder of the visits
    Routes.copy(folder)
        .replace(
            "network",
            "source: s3://{{ingest.bucket}}/network/",
            "source: s3://{{ingest.bucket}}/visits/network/");
    space.put("visits/a.jsonl", new SampleData(1).visits(10));
    space.put("visits/network/b.adjlist", "NODE1 NODE2\n");

    // When
    Jar.run(folder, space.environment(), "load", "visits").succeeded();
    Jar.run(folder, space.environment(), "load", "network").succeeded();

    // Then
    assertThat(
            space.text(
                "select string_agg(dataset || ' ' || key, ', ' order by key) from ingest.object"))
        .isEqualTo("visits visits/a.jsonl, network visits/network/b.adjlist");
    assertThat(space.number("select count(*) from ingest.object where gone_since is not null"))
        .isZero();
  }

  @Test
  void aDatasetMayBeReadInARoleOfAnotherAccount(@TempDir Path folder) throws IOException {
    // Given S3 that lets nobody in but whoever acts in the role
    Routes.copy(folder)
        .replace(
            "visits",
            SHIPPED,
            "source: s3://%s/visits/\n        role: %s".formatted(space.bucket(), ROLE))
        .replace("network", "source: s3://{{ingest.bucket}}", "source: s3://" + other.bucket());
    space.put("visits/a.jsonl", new SampleData(1).visits(10));
    HttpServer sts = sts();
    try {
      Map<String, String> environment = new HashMap<>(space.environment());
      environment.remove("INGEST_BUCKET");
      environment.put("AWS_ACCESS_KEY_ID", "stranger");
      environment.put("AWS_SECRET_ACCESS_KEY", "unknown");
      environment.put("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:" + sts.getAddress().getPort());

      // When
      Jar.Result result = Jar.run(folder, environment, "load", "visits").succeeded();
      Jar.Result without = Jar.run(folder, environment, "reconcile", "network");

      // Then
      assertThat(result.out()).contains("visits: 1 objects loaded with 10 rows");
      assertThat(without.exitCode()).isEqualTo(2);
    } finally {
      sts.stop(0);
    }
  }

  @Test
  void whoeverPaysForRequestsSaysSo(@TempDir Path folder) throws IOException {
    // Given a bucket that denies requests that do not say who pays
    Routes.copy(folder).replace("visits", SHIPPED, SHIPPED + "\n        requesterPays: true");
    space.put("visits/a.jsonl", new SampleData(1).visits(10));
    try (FaultProxy s3 =
        FaultProxy.to(URI.create(space.environment().get("AWS_ENDPOINT_URL_S3")))) {
      s3.on(
          request ->
              request.path().contains("/visits/")
                  && !request.headers().toString().contains("x-amz-request-payer"),
          Fault.answer(403, "AccessDenied"));
      Map<String, String> environment =
          Jar.with(space.environment(), "AWS_ENDPOINT_URL_S3", s3.endpoint().toString());

      // When
      Jar.Result denied = Jar.run(environment, "load", "visits");
      Jar.Result paid = Jar.run(folder, environment, "load", "visits").succeeded();

      // Then
      assertThat(denied.exitCode()).isEqualTo(1);
      assertThat(paid.out()).contains("visits: 1 objects loaded with 10 rows");
    }
  }

  @Test
  void aPlaceThatIsNoneIsSaidInOneLine(@TempDir Path folder) throws IOException {
    Routes.copy(folder).replace("visits", SHIPPED, "source: my-bucket/visits/");

    Jar.Result result = Jar.run(folder, space.environment(), "load", "visits");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err().strip().lines()).hasSize(1);
    assertThat(result.err()).contains("source 'my-bucket/visits/' is no place in S3");
  }

  /** AWS's service that lends roles, which lends one: with what the local S3 knows. */
  private HttpServer sts() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String asked =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          boolean known =
              asked.contains("Action=AssumeRole")
                  && asked.contains("RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Freader");
          byte[] answer =
              """
              <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
              <AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey><SessionToken>token</SessionToken>
              <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
              """
                  .formatted(
                      space.environment().get("AWS_ACCESS_KEY_ID"),
                      space.environment().get("AWS_SECRET_ACCESS_KEY"))
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(known ? 200 : 403, answer.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(answer);
          }
        });
    server.start();
    return server;
  }
}
