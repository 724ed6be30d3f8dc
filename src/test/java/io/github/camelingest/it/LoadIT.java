package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelingest.local.SampleData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job, end to end. */
class LoadIT {

  private static final int FILES = 20;
  private static final int VISITS_IN_FILE = 5_000;
  private static final Duration PATIENCE = Duration.ofSeconds(180);

  private final Space space = Space.create();

  @Test
  void loadsWhatIsInTheBucketSaysSoAndEnds() {
    // Given
    uploadVisits();
    space.put("network/network.adjlist", new SampleData(1).network());

    // When
    Jar.Result visits = Jar.run(space.environment(), "load", "visits", "--wait").succeeded();
    Jar.Result network = Jar.run(space.environment(), "load", "network", "--wait").succeeded();

    // Then
    assertThat(visits.out())
        .contains("visits: 20 objects loaded with 100,000 rows and 0 rejected lines");
    assertThat(network.out())
        .contains("network: 1 objects loaded with 499 rows and 0 rejected lines");
    assertEverythingIsThere();
  }

  @Test
  void aSecondStartLoadsNothingAgain() {
    // Given
    space.put("visits/a.jsonl", new SampleData(1).visits(100));
    Jar.run(space.environment(), "load", "visits").succeeded();
    List<String> before = space.tables();

    // When
    Jar.Result second = Jar.run(space.environment(), "load", "visits", "--wait").succeeded();

    // Then
    assertThat(second.out()).contains("visits: 0 objects loaded");
    assertThat(space.tables()).isEqualTo(before).isNotEmpty();
    assertThat(space.number("select attempts from ingest.object")).isEqualTo(1);
  }

  @Test
  void findsNewObjectsByPolling() {
    var environment =
        Jar.with(
            Jar.with(space.environment(), "INGEST_QUEUE", ""), "INGEST_POLL_INTERVAL", "300ms");
    try (Jar jar = Jar.start(environment)) {
      jar.awaitReady();

      // When
      uploadVisits();
      space.put("network/network.adjlist", new SampleData(1).network());

      // Then
      awaitLoaded(FILES + 1);
      assertEverythingIsThere();
    }
  }

  @Test
  void findsNewObjectsByNotificationAndDeletesTheMessages() {
    try (Jar jar = Jar.start(space.environment(), "run")) {
      jar.awaitReady();

      // When
      uploadVisits();
      space.put("network/network.adjlist", new SampleData(1).network());

      // Then
      awaitLoaded(FILES + 1);
      assertEverythingIsThere();
      await().atMost(PATIENCE).until(() -> space.messages() == 0);
    }
  }

  @Test
  void findsWhatWasThereBeforeWithoutANotification() {
    // Given an object whose event is lost
    space.put("visits/early.jsonl", new SampleData(1).visits(10));
    var environment =
        Jar.with(
            space.environment(), "INGEST_QUEUE", Space.create().environment().get("INGEST_QUEUE"));

    // When
    try (Jar jar = Jar.start(environment, "run")) {
      jar.awaitReady();

      // Then
      awaitLoaded(1);
    }
  }

  @Test
  void loadsKeysOfAnySpelling() {
    // Given
    List<String> keys =
        List.of(
            "visits/a b.jsonl",
            "visits/a+b.jsonl",
            "visits/100%.jsonl",
            "visits/%2B.jsonl",
            "visits/über/日本.jsonl",
            "visits/${body}.jsonl",
            "visits/{{ingest.bucket}}.jsonl",
            "visits/a'b\"c.jsonl");
    SampleData data = new SampleData(1);

    // When
    try (Jar jar = Jar.start(space.environment(), "run")) {
      jar.awaitReady();
      keys.forEach(key -> space.put(key, data.visits(10)));
      awaitLoaded(keys.size());
    }

    // Then
    assertThat(space.sql().sql("select key from ingest.object").query(String.class).list())
        .containsExactlyInAnyOrderElementsOf(keys);
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(10L * keys.size());
  }

  @Test
  void anEditedRouteChangesWhatIsLoaded(@TempDir Path folder) throws IOException {
    // Given
    editVisits(folder, yamlOfReadme());
    String visits = new SampleData(1).visits(1_000);
    space.put("visits/a.jsonl", visits + "broken\n");
    long failed = visits.lines().filter(line -> line.contains("\"FAIL\"")).count();

    // When
    Jar.run(folder, space.environment(), "load", "visits").succeeded();

    // Then
    assertThat(space.rows("select outcome, count(*) from fsm.visit group by outcome"))
        .singleElement()
        .satisfies(
            row -> assertThat(row).containsEntry("outcome", "FAIL").containsEntry("count", failed));
    assertThat(space.rows("select rows, rejected, filtered, complete from ingest.files"))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("rows", failed)
                    .containsEntry("filtered", 1_000 - failed)
                    .containsEntry("rejected", 1L)
                    .containsEntry("complete", true));
  }

  @Test
  void aLineThatAStepFailsOnFailsTheLoadAndIsNotLost(@TempDir Path folder) throws IOException {
    // Given a route with a step that fails on one line in the middle
    editVisits(
        folder,
        """
                      - split:
                          aggregationStrategy: "#rows"
                          expression:
                            method:
                              ref: rows
                              method: each
                          steps:
                            - filter:
                                simple: "${body.taskId} == 50"
                                steps:
                                  - throwException:
                                      exceptionType: java.lang.IllegalStateException
                                      message: no task 50 today
        """);
    space.put("visits/a.jsonl", new SampleData(1).visits(1_000));
    Map<String, String> smallBatches = Jar.with(space.environment(), "INGEST_BATCH_SIZE", "10");

    // When it is loaded so, and then with the route as shipped
    Jar.Result failed = Jar.run(folder, smallBatches, "load", "visits");
    long before = space.number("select count(*) from fsm.visit");
    Jar.run(smallBatches, "load", "visits").succeeded();

    // Then
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.err())
        .contains("visits/a.jsonl: not loaded, will be tried again: no task 50 today");
    assertThat(before).isBetween(50L, 200L);
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(1_000);
    assertThat(space.number("select rows from ingest.files where complete")).isEqualTo(1_000);
  }

  @Test
  void routesAndSqlInsideTheJarServeWhereNoneAreOutside(@TempDir Path folder) {
    space.put("visits/a.jsonl", new SampleData(1).visits(10));

    Jar.run(folder, space.environment(), "load", "visits").succeeded();

    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(10);
  }

  /** Copies the routes into the folder, with more steps behind the step visits-json. */
  private static void editVisits(Path folder, String steps) throws IOException {
    String behindJson = "              - aggregate:";
    Routes.copy(folder).replace("visits", behindJson, steps + behindJson);
  }

  private static String yamlOfReadme() throws IOException {
    Matcher yaml =
        Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("README.md")));
    assertThat(yaml.find()).isTrue();
    return yaml.group(1);
  }

  private void uploadVisits() {
    SampleData data = new SampleData(1);
    for (int file = 0; file < FILES; file++) {
      space.put("visits/2020/file-%d.jsonl".formatted(file), data.visits(VISITS_IN_FILE));
    }
  }

  private void awaitLoaded(int objects) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () ->
                space.number("select count(*) from ingest.files where state = 'loaded'")
                    == objects);
  }

  private void assertEverythingIsThere() {
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(FILES * VISITS_IN_FILE);
    assertThat(space.number("select count(*) from fsm.network_edge")).isEqualTo(SampleData.EDGES);
    assertThat(space.number("select count(*) from fsm.node")).isEqualTo(SampleData.NODES);
    assertThat(space.number("select count(*) from public.network")).isEqualTo(SampleData.EDGES);
    assertThat(space.number("select count(*) from fsm.network_incoming")).isZero();
    assertThat(
            space.rows(
                "select * from ingest.files where lines is distinct from rows + rejected + blank"))
        .isEmpty();
  }
}
