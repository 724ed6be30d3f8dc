package io.github.camelingest.it;

import static io.github.camelingest.it.Jar.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelingest.it.FaultProxy.Fault;
import io.github.camelingest.local.S3EventJson;
import io.github.camelingest.local.SampleData;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who loads an object: one instance at a time, whatever happens to it, and for as often as needed.
 */
class OwnershipIT {

  private static final Duration PATIENCE = Duration.ofSeconds(180);
  private static final String VISITS = new SampleData(1).visits(60_000);

  private final Space space = Space.create();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void killedThreeTimesInsideOneFile(boolean compressed) {
    // Given
    byte[] content = compressed ? SampleData.gzip(VISITS) : VISITS.getBytes(StandardCharsets.UTF_8);
    List<String> undisturbed = undisturbed(content);
    space.put("visits/a.jsonl", content);

    // When
    long rows = 0;
    for (int kill = 1; kill <= 3; kill++) {
      try (Jar jar = startInTheMiddleOfAFile(rows)) {
        jar.kill();
      }
      await().atMost(PATIENCE).until(this::nobodyIsConnected);
      long after = space.number("select rows from ingest.object");
      assertThat(after).isGreaterThan(rows).isLessThan(60_000);
      rows = after;
      leaseRunsOut();
    }
    Jar.run(space.environment(), "load", "visits").succeeded();

    // Then
    assertThat(space.number("select attempts from ingest.object")).isEqualTo(4);
    assertThat(space.tables()).isEqualTo(undisturbed);
  }

  @Test
  void aPausedInstanceThatWakesUpBehindItsLeaseCommitsNoLineMore() {
    // Given
    List<String> undisturbed = undisturbed(VISITS.getBytes(StandardCharsets.UTF_8));
    space.put("visits/a.jsonl", VISITS);
    try (Jar paused = startInTheMiddleOfAFile(0)) {
      // When it stands still for longer than its lease, another instance goes on
      paused.freeze();
      long rowsOfPaused = space.number("select rows from ingest.object");
      try (Jar other = Jar.start(space.environment(), "run")) {
        other.awaitUntil(() -> isLoaded("visits/a.jsonl"));
        paused.thaw();
        paused.awaitUntil(
            () -> paused.log().contains("another instance has taken this object over"));
        other.terminate();
        other.await().succeeded();
      }
      paused.terminate();
      paused.await().succeeded();

      // Then
      assertThat(rowsOfPaused).isLessThan(60_000);
    }
    assertThat(space.number("select attempts from ingest.object")).isEqualTo(2);
    assertThat(space.tables()).isEqualTo(undisturbed);
  }

  @Test
  void anIdleInstanceTakesOverWhatADeadOneLeftWithoutAnyMessage() {
    // Given an object whose message is lost and whose owner is dead
    space.put("visits/a.jsonl", VISITS);
    try (Jar dead = startInTheMiddleOfAFile(0)) {
      dead.kill();
    }
    space.purge();

    // When
    try (Jar idle = Jar.start(space.environment(), "run")) {
      idle.awaitReady();

      // Then
      idle.awaitUntil(() -> isLoaded("visits/a.jsonl"));
    }
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(60_000);
  }

  @Test
  void anObjectThatTakesLongHoldsUpNoOtherWhereTheBucketIsPolled() {
    // Given an object whose bytes have stopped coming
    try (FaultProxy s3 =
        FaultProxy.to(URI.create(space.environment().get("AWS_ENDPOINT_URL_S3")))) {
      s3.on(request -> request.path().endsWith("long.jsonl"), Fault.stallAfter(1_000));
      space.put("visits/long.jsonl", VISITS);
      Map<String, String> polling =
          with(
              with(
                  with(space.environment(), "AWS_ENDPOINT_URL_S3", s3.endpoint().toString()),
                  "INGEST_QUEUE",
                  ""),
              "INGEST_POLL_INTERVAL",
              "300ms");
      try (Jar jar = Jar.start(polling, "run")) {
        jar.awaitUntil(() -> s3.faults() > 0);

        // When
        space.put("visits/later.jsonl", new SampleData(2).visits(10));

        // Then
        jar.awaitUntil(() -> isLoaded("visits/later.jsonl"));
        assertThat(isLoaded("visits/long.jsonl")).isFalse();
      }
    }
  }

  @Test
  void afterSigtermASecondStartGoesOnAtOnce() {
    // Given
    space.put("visits/a.jsonl", VISITS);
    try (Jar first = startInTheMiddleOfAFile(0)) {
      first.terminate();
      first.await(Duration.ofSeconds(10)).succeeded();
    }
    space.purge();

    // When
    String owner = space.text("select coalesce(owner, 'nobody') from ingest.object");
    Jar.Result second = Jar.run(space.environment(), "load", "visits");

    // Then it had not to wait for a lease
    assertThat(owner).isEqualTo("nobody");
    assertThat(second.succeeded().out()).contains("1 objects loaded");
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(60_000);
  }

  @Test
  void aMessageIsDeletedOnceItsObjectStandsInTheLedger(@TempDir Path folder) throws IOException {
    // Given a route that works on each object for long
    Routes.copy(folder)
        .replace(
            "visits",
            "        - bean:\n            id: visits-open",
            "        - delay:\n            constant: 60000\n        - bean:\n            id: visits-open");
    try (Jar jar = Jar.start(folder, space.environment(), "run")) {
      jar.awaitReady();

      // When
      space.put("visits/a.jsonl", new SampleData(1).visits(10));
      jar.awaitUntil(() -> isLoading("visits/a.jsonl"));

      // Then nobody needs the message any more
      jar.awaitUntil(() -> space.messages() == 0);
      assertThat(isLoading("visits/a.jsonl")).isTrue();
      jar.kill();
    }
    leaseRunsOut();
    Jar.run(space.environment(), "load", "visits").succeeded();
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(10);
  }

  @Test
  void anObjectThatFailsTooOftenIsFailedAndStopsNobody() {
    try (Jar jar = Jar.start(with(space.environment(), "INGEST_MAX_ATTEMPTS", "2"), "run")) {
      // Given
      jar.awaitReady();
      space.sql().sql("alter table fsm.visit rename column node_age to age").update();

      // When
      space.put("visits/bad.jsonl", new SampleData(1).visits(10));
      jar.awaitUntil(() -> jar.log().contains("failed, and not tried again after 2 attempts"));
      space.sql().sql("alter table fsm.visit rename column age to node_age").update();
      space.put("visits/good.jsonl", new SampleData(2).visits(10));

      // Then
      jar.awaitUntil(() -> isLoaded("visits/good.jsonl"));
      jar.awaitUntil(() -> space.messages() == 0);
      assertThat(
              space.rows(
                  "select state, attempts, failures, owner, error from ingest.object where key = 'visits/bad.jsonl'"))
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row).containsEntry("state", "failed").containsEntry("attempts", 2);
                assertThat(row).containsEntry("failures", 2).containsEntry("owner", null);
                assertThat(row.get("error").toString()).contains("node_age");
              });

      // When
      Jar.run(space.environment(), "replay", "--object", "visits/bad.jsonl").succeeded();

      // Then
      assertThat(isLoaded("visits/bad.jsonl")).isTrue();
    }
  }

  @Test
  void messagesOfLoadedObjectsAreDeletedAtOnce() {
    try (Jar jar = Jar.start(space.environment(), "run")) {
      // Given
      jar.awaitReady();
      String visits = new SampleData(1).visits(10);
      String etag = space.put("visits/a.jsonl", visits.getBytes(StandardCharsets.UTF_8));
      jar.awaitUntil(() -> isLoaded("visits/a.jsonl"));
      jar.awaitUntil(() -> space.messages() == 0);

      // When
      space.send(
          S3EventJson.created("Put", space.bucket(), "visits/a.jsonl", etag, visits.length()));

      // Then
      jar.awaitUntil(() -> space.messages() == 0);
      assertThat(space.number("select attempts from ingest.object")).isEqualTo(1);
    }
  }

  /** An application that has committed some lines more of an object, and not all of them. */
  private Jar startInTheMiddleOfAFile(long rowsBefore) {
    Jar jar = Jar.start(with(space.environment(), "INGEST_BATCH_SIZE", "100"), "run");
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> space.number("select rows from ingest.object") > rowsBefore);
    return jar;
  }

  /** PostgreSQL may go on with what a killed instance has asked for. */
  private boolean nobodyIsConnected() {
    return space.number(
            "select count(*) from pg_stat_activity where application_name = 'camel-ingest' and datname = current_database()")
        == 0;
  }

  private void leaseRunsOut() {
    space.sql().sql("update ingest.object set lease_until = clock_timestamp()").update();
  }

  private boolean isLoaded(String key) {
    return isInState("loaded", key);
  }

  private boolean isLoading(String key) {
    return isInState("loading", key);
  }

  private boolean isInState(String state, String key) {
    return space
        .sql()
        .sql("select exists (select from ingest.object where state = ? and key = ?)")
        .params(state, key)
        .query(Boolean.class)
        .single();
  }

  private static List<String> undisturbed(byte[] content) {
    Space undisturbed = Space.create();
    undisturbed.put("visits/a.jsonl", content);
    Jar.run(undisturbed.environment(), "load", "visits").succeeded();
    return undisturbed.tables();
  }
}
