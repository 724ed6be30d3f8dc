package io.github.camelingest.it;

import static io.github.camelingest.it.Jar.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelingest.it.FaultProxy.Fault;
import io.github.camelingest.local.SampleData;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What the doctor finds where all is well, and where something is not; and that it does no harm.
 */
class DoctorIT {

  @Test
  void allIsWell() throws IOException {
    // Given a database with roles
    Space space = Space.withRoles();
    space.put("visits/a.jsonl", new SampleData(1).visits(1));
    Jar.run(space.environment(), "load", "visits").succeeded();

    // When
    Jar.Result text = Jar.run(space.environment(), "doctor").succeeded();
    JsonNode json =
        new ObjectMapper()
            .readTree(Jar.run(space.environment(), "doctor", "--json").succeeded().out());

    // Then
    String bucket = space.bucket();
    assertThat(text.out())
        .contains("ok       database: PostgreSQL 18")
        .contains("ok       database: the schemas are up to date")
        .contains(
            "ok       roles: 'ingest_writer' may write rows, and 'ingest_owner' changes the schemas")
        .contains("ok       clock: that of PostgreSQL agrees with ours")
        .contains("ok       clock: that of S3 agrees with ours")
        .containsPattern("ok       credentials: access key .*\\*\\*\\*\\*.*, from env vars")
        .containsPattern("ok       queue: .* messages; its visibility timeout is \\d+ s")
        .contains("ok       queue: a message goes to the dead-letter queue after 5 receipts")
        .contains("ok       queue: messages may be deleted")
        .contains("ok       routes: load network, visits")
        .contains("ok       visits: s3://%s/visits/ can be listed and fetched".formatted(bucket))
        .contains("ok       network: s3://%s/network/ can be listed and fetched".formatted(bucket))
        // The local server cannot say
        .contains("warning  events: whether bucket '%s' tells the queue".formatted(bucket))
        .contains("MB of heap on a machine with")
        .contains("MB are free at")
        .doesNotContain("fault ", space.environment().get("AWS_SECRET_ACCESS_KEY"), "\u001b");
    assertThat(json).hasSize((int) text.out().lines().count());
    assertThat(json)
        .allSatisfy(
            finding ->
                assertThat(finding.fieldNames())
                    .toIterable()
                    .containsExactly("verdict", "subject", "what"));
    assertThat(text.err()).isEmpty();
  }

  @Test
  void whatIsDeniedIsNamedAndNothingIsChanged() {
    // Given
    Space space = Space.withoutSchemas();
    space.put("visits/a.jsonl", new SampleData(1).visits(1));
    space.put("network/network.adjlist", "NODE1 NODE2\n");
    int messages = space.messages();
    try (FaultProxy s3 = through(space, "AWS_ENDPOINT_URL_S3");
        FaultProxy sqs = through(space, "AWS_ENDPOINT_URL_SQS")) {
      Fault denied = Fault.answer(403, "AccessDenied");
      s3.on(r -> r.query().contains("prefix=network"), denied);
      s3.on(r -> r.method().equals("GET") && r.path().contains("/visits/"), denied);
      s3.on(r -> r.method().equals("DELETE"), denied);
      s3.on(r -> r.headers().containsKey("x-amz-copy-source"), denied);
      sqs.on(r -> r.isSqs("DeleteMessage"), denied);
      Map<String, String> environment =
          with(
              with(space.environment(), "AWS_ENDPOINT_URL_S3", s3.endpoint().toString()),
              "AWS_ENDPOINT_URL_SQS",
              sqs.endpoint().toString());

      // When
      Jar.Result result = Jar.run(with(environment, "INGEST_AFTER_LOAD", "move"), "doctor");

      // Then
      String bucket = "s3://" + space.bucket();
      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.out())
          .contains("fault    network: s3:ListBucket is denied on %s/network/; ".formatted(bucket))
          .contains("fault    visits: s3:GetObject is denied on %s/visits/; ".formatted(bucket))
          .contains(
              "fault    visits: s3:PutObject is denied on %s/loaded/visits/".formatted(bucket))
          .contains("fault    queue: sqs:DeleteMessage is denied on ");
    }
    assertThat(space.keys()).containsExactlyInAnyOrder("visits/a.jsonl", "network/network.adjlist");
    assertThat(space.messages()).isEqualTo(messages);
    assertThat(space.number("select count(*) from pg_namespace where nspname = 'ingest'")).isZero();
  }

  @Test
  void aDeniedDeletionIsFoundWhereABucketHasNoVersions() {
    Space space = Space.create();
    space.put("visits/a.jsonl", new SampleData(1).visits(1));
    try (FaultProxy s3 = through(space, "AWS_ENDPOINT_URL_S3")) {
      s3.on(r -> r.method().equals("DELETE"), Fault.answer(403, "AccessDenied"));

      Jar.Result result =
          Jar.run(
              with(
                  with(space.environment(), "AWS_ENDPOINT_URL_S3", s3.endpoint().toString()),
                  "INGEST_AFTER_LOAD",
                  "delete"),
              "doctor");

      assertThat(result.out())
          .contains(
              "fault    visits: s3:DeleteObject is denied on s3://%s/visits/"
                  .formatted(space.bucket()))
          // Nothing there tells whether it has versions
          .contains("warning  network: whether s3:DeleteObject is allowed");
    }
    assertThat(space.keys()).containsExactly("visits/a.jsonl");
  }

  @Test
  void aBucketWithVersionsGetsNoDeleteMarkerAndItsTagsStay() {
    Space space = Space.onS3MockVersioned();
    space.put("visits/a.jsonl", new SampleData(1).visits(1));
    space.tag("visits/a.jsonl", Map.of("mine", "1"));

    Jar.Result delete = Jar.run(with(space.environment(), "INGEST_AFTER_LOAD", "delete"), "doctor");
    Jar.Result tag = Jar.run(with(space.environment(), "INGEST_AFTER_LOAD", "tag"), "doctor");

    assertThat(delete.out()).contains("warning  visits: whether s3:DeleteObject is allowed");
    assertThat(tag.out())
        .contains("can be listed and fetched, and what ingest.after-load wants is allowed: tag");
    assertThat(space.versions()).containsExactly("visits/a.jsonl");
    assertThat(space.tags("visits/a.jsonl")).containsExactly(Map.entry("mine", "1"));
  }

  @Test
  void serversThatAreAwayAreToldOneByOne() throws IOException {
    // Given
    Space space = Space.create();
    String nowhere = "127.0.0.1:" + CommandLineIT.freePort();
    Map<String, String> environment =
        with(
            with(
                with(space.environment(), "AWS_ENDPOINT_URL_S3", "http://" + nowhere),
                "AWS_ENDPOINT_URL_SQS",
                "http://" + nowhere),
            "INGEST_DB_URL",
            "jdbc:postgresql://" + nowhere + "/ingest");

    // When
    Jar.Result result = Jar.run(environment, "doctor");

    // Then
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out())
        .contains("fault    database: no PostgreSQL answers at")
        .contains("fault    queue: SQS cannot be reached")
        .contains("fault    visits: S3 cannot be reached")
        .contains("ok       routes: load network, visits");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void aServerThatSaysNothingHoldsItUpForSecondsOnly() {
    Space space = Space.create();
    try (FaultProxy s3 = through(space, "AWS_ENDPOINT_URL_S3")) {
      s3.on(r -> true, Fault.stallAfter(0));

      Jar.Result result =
          Jar.run(
              with(space.environment(), "AWS_ENDPOINT_URL_S3", s3.endpoint().toString()), "doctor");

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.out().lines().filter(line -> line.startsWith("fault ")))
          .hasSize(2)
          .allMatch(line -> line.contains("S3 cannot be reached"));
    }
  }

  private static FaultProxy through(Space space, String endpoint) {
    return FaultProxy.to(URI.create(space.environment().get(endpoint)));
  }
}
