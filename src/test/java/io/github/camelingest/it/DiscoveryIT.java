package io.github.camelingest.it;

import static io.github.camelingest.it.Jar.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelingest.it.FaultProxy.Fault;
import io.github.camelingest.it.FaultProxy.Request;
import io.github.camelingest.local.S3EventJson;
import io.github.camelingest.local.SampleData;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which objects are found, when, and in which order; and those that cannot be fetched. */
@Execution(ExecutionMode.CONCURRENT)
class DiscoveryIT {

  private static final String VISITS = new SampleData(1).visits(10);

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "S3MOCK_VERSIONED"})
  void aLateEventOfAnOverwrittenVersionLoadsTheCurrentOne(Server server) {
    // Given an object that was overwritten, and the event of its first version
    Space space = server.space();
    String first = space.put("visits/a.jsonl", VISITS.getBytes(StandardCharsets.UTF_8));
    String version = space.versionOf("visits/a.jsonl");
    space.put("visits/a.jsonl", new SampleData(1).visits(20));
    space.purge();
    try (FaultProxy s3 = withoutListing(space);
        Jar jar = Jar.start(through(s3, space), "run")) {
      jar.awaitReady();

      // When
      space.send(S3EventJson.created("Put", space.bucket(), "visits/a.jsonl", first, 1, version));

      // Then
      jar.awaitUntil(() -> space.number("select count(*) from fsm.visit") == 20);
      jar.awaitUntil(() -> states(space).equals(List.of("loaded 20", "superseded 0")));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "S3MOCK_VERSIONED"})
  void aLateEventOfADeletedObjectLoadsNothing(Server server) {
    Space space = server.space();
    space.put("visits/a.jsonl", VISITS);
    space.delete("visits/a.jsonl");

    try (FaultProxy s3 = withoutListing(space);
        Jar jar = Jar.start(through(s3, space), "run")) {
      jar.awaitUntil(() -> states(space).equals(List.of("gone 0")));
    }
    assertThat(space.number("select count(*) from fsm.visit")).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "S3MOCK_VERSIONED"})
  void anObjectThatIsWrittenAgainAsItIsIsNotLoadedAgain(Server server) {
    // Given
    Space space = server.space();
    try (Jar jar = Jar.start(space.environment(), "run")) {
      jar.awaitReady();
      space.put("visits/a.jsonl", VISITS);
      jar.awaitUntil(() -> states(space).equals(List.of("loaded 10")));

      // When
      space.put("visits/a.jsonl", VISITS);
      space.put("visits/b.jsonl", "");

      // Then
      jar.awaitUntil(() -> space.messages() == 0);
      jar.awaitUntil(() -> states(space).equals(List.of("loaded 10", "loaded 0")));
    }
    assertThat(space.number("select sum(attempts) from ingest.object")).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"LOCAL", "S3MOCK_VERSIONED"})
  void whatIsWrittenBackWhileItsOverwritingLoadsIsLoadedAgain(Server server, @TempDir Path folder)
      throws IOException {
    // Given an object that is overwritten, by one whose load takes its time
    Space space = server.space();
    space.put("visits/a.jsonl", VISITS);
    Jar.run(space.environment(), "load", "visits").succeeded();
    space.put("visits/a.jsonl", new SampleData(1).visits(20));
    Routes.copy(folder)
        .replace(
            "visits",
            "        - bean:\n            id: visits-await",
            "        - delay:\n            constant: 3000\n        - bean:\n            id: visits-await");
    try (FaultProxy s3 = withoutListing(space);
        Jar jar = Jar.start(folder, through(s3, space), "run")) {
      jar.awaitUntil(
          () ->
              space.number("select count(*) from ingest.object where opened_at is not null") == 2);

      // When
      space.put("visits/a.jsonl", VISITS);

      // Then
      jar.awaitUntil(
          () ->
              space
                  .text("select string_agg(state, ' ' order by id) from ingest.object")
                  .equals("loaded superseded"));
    }
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(10);
  }

  @Test
  void anEmptyObjectIsLoadedAndAFolderIsNoObject() {
    Space space = Server.S3MOCK.space();
    space.put("visits/empty.jsonl", "");
    space.put("visits/folder/", "");

    Jar.Result result = Jar.run(space.environment(), "load", "visits").succeeded();

    assertThat(result.out()).contains("visits: 1 objects loaded with 0 rows");
    assertThat(space.rows("select key, lines from ingest.object"))
        .containsExactly(Map.of("key", "visits/empty.jsonl", "lines", 0L));
  }

  @Test
  void aKeyWithACharacterThatXmlCannotHoldStopsNothing() {
    Space space = Server.S3MOCK.space();
    space.put("visits/\u0001.jsonl", VISITS);
    space.put("visits/a.jsonl", new SampleData(2).visits(10));

    Jar.Result result = Jar.run(space.environment(), "load", "visits").succeeded();

    assertThat(result.out()).contains("visits: 2 objects loaded");
  }

  @Test
  void anObjectThatNobodyMayReadWaitsAndHoldsUpNoOther() {
    // Given
    Space space = Space.create();
    try (FaultProxy s3 = proxy(space);
        Jar jar = Jar.start(through(s3, space), "run")) {
      jar.awaitReady();
      s3.on(request -> gets(request, "denied"), Fault.answer(403, "AccessDenied"));

      // When
      space.put("visits/denied.jsonl", VISITS);
      space.put("visits/other.jsonl", new SampleData(2).visits(10));

      // Then
      jar.awaitUntil(() -> stateOf(space, "visits/other.jsonl").equals("loaded"));
      jar.awaitUntil(
          () ->
              space.number("select attempts from ingest.object where key = 'visits/denied.jsonl'")
                  > 1);
      assertThat(jar.log())
          .contains(
              "visits/denied.jsonl: not loaded, will be tried again later: a fault on purpose");

      // When it may be read
      s3.heal();

      // Then
      jar.awaitUntil(() -> stateOf(space, "visits/denied.jsonl").equals("loaded"));
    }
  }

  @Test
  void anArchivedObjectFailsAndIsLoadedOnceItIsRestored() {
    // Given
    Space space = Space.create();
    space.put("visits/a.jsonl", VISITS);
    try (FaultProxy s3 = proxy(space)) {
      s3.on(request -> gets(request, "a.jsonl"), Fault.answer(403, "InvalidObjectState"));
      Jar.Result archived = Jar.run(through(s3, space), "load", "visits");
      assertThat(archived.exitCode()).isEqualTo(1);
      assertThat(archived.err()).contains("visits/a.jsonl: failed: it is in an archive");
      assertThat(space.text("select state || ' ' || archived from ingest.object"))
          .isEqualTo("failed true");
    }

    // When
    Jar.Result restored = Jar.run(space.environment(), "load", "visits").succeeded();

    // Then
    assertThat(restored.out()).contains("visits: 1 objects loaded with 10 rows");
    assertThat(space.text("select state || ' ' || archived from ingest.object"))
        .isEqualTo("loaded false");
  }

  @Test
  void aBucketThatNobodyMayListIsToldOfAndHoldsUpNoOtherDataset() {
    // Given
    Space space = Space.create();
    space.put("network/network.adjlist", "NODE1 NODE2\n");
    space.put("visits/a.jsonl", VISITS);
    space.purge();
    try (FaultProxy s3 = proxy(space)) {
      s3.on(
          request -> request.query().contains("prefix=visits"), Fault.answer(403, "AccessDenied"));
      try (Jar jar = Jar.start(through(s3, space), "run")) {
        // When
        jar.awaitUntil(() -> stateOf(space, "network/network.adjlist").equals("loaded"));
        jar.awaitUntil(
            () ->
                jar.log()
                    .contains(
                        "s3://%s/visits/ cannot be compared with the ledger: a fault on purpose"
                            .formatted(space.bucket())));
      }
    }

    // Then
    Jar.Result status = Jar.run(space.environment(), "status").succeeded();
    assertThat(status.out())
        .contains("visits: NOT compared with s3://%s/visits/".formatted(space.bucket()))
        .contains("network: compared with s3://%s/network/".formatted(space.bucket()));
  }

  @Test
  void aBucketInAnotherRegionIsFollowedThere() {
    // Given S3 that answers only to requests that are signed for its region
    Space space = Space.create();
    space.put("visits/a.jsonl", VISITS);
    try (FaultProxy s3 = proxy(space)) {
      s3.on(
          request -> !request.headers().toString().contains("/eu-west-1/s3/"),
          Fault.redirect("eu-west-1"));

      // When
      Jar.Result result = Jar.run(through(s3, space), "load", "visits").succeeded();

      // Then
      assertThat(s3.faults()).isPositive();
      assertThat(result.out()).contains("visits: 1 objects loaded with 10 rows");
    }
  }

  @ParameterizedTest
  @CsvSource({"503, SlowDown", "403, RequestTimeTooSkewed", "403, ExpiredToken"})
  void whatS3RefusesForAWhileIsLoadedThen(int status, String code) {
    // Given
    Space space = Space.create();
    try (FaultProxy s3 = proxy(space);
        Jar jar = Jar.start(through(s3, space), "run")) {
      jar.awaitReady();
      s3.on(request -> gets(request, ".jsonl"), Fault.answer(status, code));

      // When
      space.put("visits/a.jsonl", VISITS);
      jar.awaitUntil(() -> jar.log().contains("visits/a.jsonl: not loaded, will be tried again"));
      s3.heal();

      // Then
      jar.awaitUntil(() -> stateOf(space, "visits/a.jsonl").equals("loaded"));
    }
    assertThat(space.number("select failures from ingest.object")).isZero();
  }

  @Test
  void theOldestIsLoadedFirst() throws InterruptedException {
    // Given objects whose keys are in another order than their times
    Space space = Space.create();
    for (String key : List.of("c", "a", "b")) {
      space.put("visits/%s.jsonl".formatted(key), "");
      awaitNextSecond();
    }
    Jar.run(space.environment(), "reconcile").succeeded();

    // When
    Jar.run(with(space.environment(), "INGEST_MAX_IN_FLIGHT", "1"), "load", "visits").succeeded();

    // Then
    assertThat(space.text("select string_agg(key, ' ' order by started_at) from ingest.object"))
        .isEqualTo("visits/c.jsonl visits/a.jsonl visits/b.jsonl");
  }

  @Test
  void aFloodInOneDatasetHoldsUpNoOther() {
    // Given more visits than are loaded at a time, none of which comes to an end
    Space space = Space.create();
    try (FaultProxy s3 = proxy(space);
        Jar jar = Jar.start(with(through(s3, space), "INGEST_MAX_IN_FLIGHT", "2"), "run")) {
      jar.awaitReady();
      s3.on(request -> gets(request, "visits/"), Fault.stallAfter(100));
      for (int n = 0; n < 5; n++) {
        space.put("visits/%d.jsonl".formatted(n), new SampleData(n).visits(1_000));
      }
      jar.awaitUntil(
          () -> space.number("select count(*) from ingest.object where state = 'loading'") == 2);

      // When
      space.put("network/network.adjlist", "NODE1 NODE2\n");

      // Then
      jar.awaitUntil(() -> stateOf(space, "network/network.adjlist").equals("loaded"));
      assertThat(space.number("select count(*) from ingest.object where state = 'loading'"))
          .isEqualTo(2);
    }
  }

  @Test
  void theDoctorSaysWhatListingCostsAndWhatCannotBeListed() {
    // Given a bucket of which one place was listed and the other could not be
    Space space = Space.create();
    Jar.run(space.environment(), "reconcile", "network").succeeded();
    try (FaultProxy s3 = withoutListing(space)) {
      assertThat(Jar.run(through(s3, space), "reconcile", "visits").exitCode()).isEqualTo(2);
    }

    // When
    Jar.Result polling = Jar.run(with(space.environment(), "INGEST_QUEUE", ""), "doctor");

    // Then
    assertThat(polling.exitCode()).isEqualTo(1);
    assertThat(polling.out())
        .contains("ok       network: s3://%s/network/ has 0 objects".formatted(space.bucket()))
        .contains("fault    visits: s3://%s/visits/ was not listed at".formatted(space.bucket()))
        .contains(
            "every 10s (ingest.poll-interval) while objects come: 17,280 LIST requests a day, $0.09")
        .contains("every 5m while none do: 576 LIST requests a day, $0.00");
  }

  @Test
  void entriesOfObjectsThatAreGoneForLongAreRemovedAndTheirRowsStay() {
    // Given an object that has left the bucket, one that is still there, and a comparison since
    Space space = Space.create();
    Map<String, String> forgetful = with(space.environment(), "INGEST_LEDGER_RETENTION", "1ms");
    space.put("visits/gone.jsonl", VISITS);
    space.put("visits/there.jsonl", new SampleData(2).visits(1));
    Jar.run(space.environment(), "load", "visits").succeeded();
    space.delete("visits/gone.jsonl");
    Jar.run(space.environment(), "reconcile", "visits").succeeded();
    assertThat(space.rows("select key from ingest.object where gone_since is not null"))
        .containsExactly(Map.of("key", "visits/gone.jsonl"));

    // When
    Jar.Result result = Jar.run(forgetful, "reconcile", "visits").succeeded();

    // Then
    assertThat(result.out()).contains("1 objects").contains("1 removed from the ledger");
    assertThat(space.rows("select key from ingest.object"))
        .containsExactly(Map.of("key", "visits/there.jsonl"));
    assertThat(
            space.rows(
                "select distinct o.key from fsm.visit v join ingest.origin o on o.id = v.object_id where o.key like '%gone%'"))
        .containsExactly(Map.of("key", "visits/gone.jsonl"));

    // When a correction comes of a visit that it reported
    String correction =
        new SampleData(1).visits(1).replaceAll("\"node_age\": \\d+", "\"node_age\": 77");
    space.put("visits/correction.jsonl", correction);
    Jar.run(forgetful, "load", "visits").succeeded();

    // Then
    assertThat(space.number("select count(*) from fsm.visit where node_age = 77")).isEqualTo(1);
  }

  @Test
  void anObjectThatComesBackIsRememberedAgain() {
    // Given
    Space space = Space.create();
    space.put("visits/a.jsonl", VISITS);
    Jar.run(space.environment(), "load", "visits").succeeded();
    space.delete("visits/a.jsonl");
    Jar.run(space.environment(), "reconcile", "visits").succeeded();

    // When
    space.put("visits/a.jsonl", VISITS);
    Jar.run(space.environment(), "load", "visits").succeeded();

    // Then
    assertThat(space.rows("select state, attempts, gone_since from ingest.object"))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row).containsEntry("state", "loaded").containsEntry("attempts", 1);
              assertThat(row).containsEntry("gone_since", null);
            });
  }

  @Test
  void aVersionThatComesBackIsLoadedOnceAndThenKnown() {
    // Given a bucket with versions: A, B and A again, each told of
    Space space = Server.S3MOCK_VERSIONED.space();
    try (Jar jar = Jar.start(space.environment(), "run")) {
      jar.awaitReady();
      jar.awaitUntil(() -> space.number("select count(*) from ingest.reconciliation") == 2);
      space.put("visits/a.jsonl", VISITS);
      jar.awaitUntil(() -> states(space).equals(List.of("loaded 10")));
      space.put("visits/a.jsonl", new SampleData(1).visits(20));
      jar.awaitUntil(() -> states(space).equals(List.of("loaded 20", "superseded 0")));
      space.put("visits/a.jsonl", VISITS);
      jar.awaitUntil(
          () -> states(space).equals(List.of("loaded 10", "superseded 0", "superseded 0")));
    }

    // When it is listed
    Jar.Result listed = Jar.run(space.environment(), "load", "visits").succeeded();

    // Then
    assertThat(listed.out()).contains("visits: 0 objects loaded");
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(10);
  }

  @Test
  void anInterruptedReplayHidesNothingThatComesBack() {
    // Given an object that a replay has entered and not loaded, since it was killed
    Space space = Space.create();
    space.put("visits/a.jsonl", VISITS);
    Jar.run(space.environment(), "load", "visits").succeeded();
    space
        .sql()
        .sql(
            """
            insert into ingest.object (dataset, bucket, key, etag, size, last_modified, replay, by_command)
            select dataset, bucket, key, etag, size, last_modified, true, true from ingest.object
            """)
        .update();

    // When it is overwritten and written again
    space.put("visits/a.jsonl", new SampleData(1).visits(20));
    Jar.run(space.environment(), "load", "visits").succeeded();
    space.put("visits/a.jsonl", VISITS);
    Jar.run(space.environment(), "load", "visits").succeeded();

    // Then
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(10);
  }

  @Test
  void rowsThatWereHeldBackAreShownThoughTheOtherVersionIsForgotten() {
    // Given an object that was killed while its rows were held back
    Space space = Space.create();
    space.put("visits/a.jsonl", VISITS);
    Jar.run(space.environment(), "load", "visits").succeeded();
    space.put("visits/a.jsonl", new SampleData(1).visits(20));
    Jar.run(space.environment(), "reconcile").succeeded();
    space
        .sql()
        .sql(
            "update ingest.object set held_back = true, opened_at = now(), attempts = 1 where state = 'discovered'")
        .update();

    // When meanwhile the version before it is forgotten
    Map<String, String> forgetful = with(space.environment(), "INGEST_LEDGER_RETENTION", "1ms");
    Jar.run(forgetful, "reconcile").succeeded();
    Jar.run(space.environment(), "load", "visits").succeeded();

    // Then
    assertThat(states(space)).containsExactly("loaded 20");
    assertThat(space.number("select count(distinct (task_id, visit_no)) from fsm.visit"))
        .isEqualTo(20);
    assertThat(space.number("select count(*) from fsm.visit_incoming")).isZero();
  }

  @Test
  void aReportOfAForgottenObjectHoldsAgainWhenItsCorrectionIsTakenBack() {
    // Given a report, a correction, and a ledger that has forgotten where the report came from
    Space space = Space.create();
    String report = new SampleData(1).visits(1);
    space.put("visits/a.jsonl", report.replaceAll("\"node_age\": \\d+", "\"node_age\": 1"));
    Jar.run(space.environment(), "load", "visits").succeeded();
    space.put("visits/b.jsonl", report.replaceAll("\"node_age\": \\d+", "\"node_age\": 2"));
    Jar.run(space.environment(), "load", "visits").succeeded();
    assertThat(space.number("select node_age from fsm.visit")).isEqualTo(2);
    space.delete("visits/a.jsonl");
    Map<String, String> forgetful = with(space.environment(), "INGEST_LEDGER_RETENTION", "1ms");
    Jar.run(forgetful, "reconcile").succeeded();
    Jar.run(forgetful, "reconcile").succeeded();
    assertThat(space.number("select count(*) from ingest.pruned_object")).isEqualTo(1);

    // When
    space.put("visits/b.jsonl", report.replace("\"visit_id\": 1", "\"visit_id\": 7"));
    Jar.run(space.environment(), "load", "visits").succeeded();

    // Then
    assertThat(space.number("select node_age from fsm.visit where visit_no = 1")).isEqualTo(1);
  }

  /** S3 without what lists a bucket, so that only messages bring objects. */
  private static FaultProxy withoutListing(Space space) {
    FaultProxy s3 = proxy(space);
    s3.on(request -> request.query().contains("list-type"), Fault.answer(403, "AccessDenied"));
    return s3;
  }

  private static FaultProxy proxy(Space space) {
    return FaultProxy.to(URI.create(space.environment().get("AWS_ENDPOINT_URL_S3")));
  }

  private static Map<String, String> through(FaultProxy s3, Space space) {
    return with(space.environment(), "AWS_ENDPOINT_URL_S3", s3.endpoint().toString());
  }

  private static boolean gets(Request request, String part) {
    return request.method().equals("GET")
        && request.path().contains(part)
        && !request.query().contains("list-type");
  }

  private static String stateOf(Space space, String key) {
    return space
        .sql()
        .sql("select state from ingest.object where key = ?")
        .param(key)
        .query(String.class)
        .single();
  }

  private static List<String> states(Space space) {
    return space
        .sql()
        .sql("select state || ' ' || rows from ingest.object order by rows desc, state")
        .query(String.class)
        .list();
  }

  private static void awaitNextSecond() {
    long second = System.currentTimeMillis() / 1000;
    await().until(() -> System.currentTimeMillis() / 1000 > second);
  }
}
