package io.github.camelingest.it;

import static io.github.camelingest.it.Jar.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelingest.it.FaultProxy.Fault;
import io.github.camelingest.local.SampleData;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Objects that are overwritten: before, while and after they are loaded. */
class VersionsIT {

  private final Space space = Space.create();

  @Test
  void anOverwrittenObjectIsReplacedAndReadersSeeTheOldVersionOrTheNewOne() throws SQLException {
    // Given a loaded object, overwritten by one with fewer visits, and a reader that looks all the
    // time
    space.put("visits/a.jsonl", new SampleData(1).visits(1_000));
    load();
    space.put("visits/a.jsonl", new SampleData(1).visits(400));
    Set<Long> seen = new HashSet<>();

    // When
    try (Jar jar =
            Jar.start(with(space.environment(), "INGEST_BATCH_SIZE", "50"), "load", "visits");
        Connection reader = space.connection();
        Statement statement = reader.createStatement()) {
      while (jar.isRunning()) {
        seen.add(visits(statement));
      }
      jar.await().succeeded();
      seen.add(visits(statement));
    }

    // Then
    assertThat(seen).containsExactlyInAnyOrder(1_000L, 400L);
    assertThat(versions())
        .containsExactly(
            "superseded, lines -, rows 0, committed {}",
            "loaded, lines 400, rows 400, committed {[1,401)}");
    assertThat(space.number("select count(*) from fsm.visit_incoming")).isZero();
  }

  @Test
  void aReportHoldsAgainWhenTheObjectThatCorrectedItIsOverwritten() {
    // Given a report that another object corrects
    String report = new SampleData(1).visits(1);
    space.put("visits/a.jsonl", withAge(report, 1));
    load();
    space.put("visits/b.jsonl", withAge(report, 2) + withAge(report, 3));
    load();
    assertThat(space.number("select node_age from fsm.visit")).isEqualTo(3);
    assertThat(space.number("select count(*) from fsm.visit_corrected")).isEqualTo(2);

    // When
    space.put("visits/b.jsonl", report.replace("\"visit_id\": 1", "\"visit_id\": 7"));
    load();

    // Then
    assertThat(space.number("select node_age from fsm.visit where visit_no = 1")).isEqualTo(1);
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(2);
    assertThat(space.number("select count(*) from fsm.visit_corrected")).isZero();
  }

  @Test
  void contentThatComesBackIsLoadedAgain() {
    String first = new SampleData(1).visits(10);
    String second = new SampleData(2).visits(20);
    for (String content : List.of(first, second, first)) {
      space.put("visits/a.jsonl", content);
      load();
    }

    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(10);
    assertThat(versions())
        .containsExactly(
            "loaded, lines 10, rows 10, committed {[1,11)}",
            "superseded, lines -, rows 0, committed {}");
  }

  @ParameterizedTest
  @CsvSource({
    "append, loaded, 12, ''",
    "ignore, loaded, 10, 'not loaded: an earlier version is, and the route ignores later ones'",
    "fail, failed, 10, 'overwritten after it was loaded, which the route does not allow'"
  })
  void theRouteSaysWhatElseBecomesOfAnOverwrittenObject(
      String policy, String state, long visits, String error, @TempDir Path folder)
      throws IOException {
    // Given
    Routes.copy(folder).replace("visits", "overwritten: replace", "overwritten: " + policy);
    space.put("visits/a.jsonl", new SampleData(1).visits(10));
    Jar.run(folder, space.environment(), "load", "visits").succeeded();

    // When
    space.put("visits/a.jsonl", new SampleData(1).visits(12));
    Jar.Result overwritten = Jar.run(folder, space.environment(), "load", "visits");
    Jar.Result again = Jar.run(folder, space.environment(), "load", "visits").succeeded();

    // Then
    assertThat(overwritten.exitCode()).isEqualTo(state.equals("failed") ? 1 : 0);
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(visits);
    assertThat(
            space.rows(
                "select state, coalesce(error, '') as error from ingest.object order by id desc limit 1"))
        .singleElement()
        .satisfies(
            row -> assertThat(row).containsEntry("state", state).containsEntry("error", error));
    assertThat(space.text("select state from ingest.object order by id limit 1"))
        .isEqualTo("loaded");
    assertThat(again.out()).contains("0 objects loaded");
  }

  @Test
  void overwrittenWhileItIsReadTheNewVersionIsLoadedAndNothingOfTheOldOneStays() {
    // Given a queue that hears of nothing, so that only the load itself can find the new version
    try (FaultProxy s3 =
        FaultProxy.to(URI.create(space.environment().get("AWS_ENDPOINT_URL_S3")))) {
      Map<String, String> environment =
          with(
              with(
                  with(space.environment(), "AWS_ENDPOINT_URL_S3", s3.endpoint().toString()),
                  "INGEST_BATCH_SIZE",
                  "100"),
              "INGEST_QUEUE",
              Space.create().environment().get("INGEST_QUEUE"));
      s3.on(r -> r.method().equals("GET") && r.path().endsWith("a.jsonl"), Fault.cutAfter(100_000));
      space.put("visits/a.jsonl", new SampleData(1).visits(10_000) + "broken\n");
      try (Jar jar = Jar.start(environment, "run")) {
        jar.awaitUntil(() -> space.number("select rows from ingest.object") > 0);

        // When
        space.put("visits/a.jsonl", new SampleData(2).visits(20));
        s3.heal();

        // Then
        jar.awaitUntil(
            () -> space.number("select count(*) from ingest.object where state = 'loaded'") == 1);
      }
    }
    assertThat(versions())
        .containsExactly(
            "superseded, lines -, rows 0, committed {}",
            "loaded, lines 20, rows 20, committed {[1,21)}");
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(20);
    assertThat(space.number("select count(*) from fsm.visit_corrected")).isZero();
    assertThat(space.number("select count(*) from ingest.rejected_line")).isZero();
  }

  @Test
  void anOverwrittenNetworkFileIsReplacedToo() {
    space.put("network/a.adjlist", "NODE1 NODE2\n");
    Jar.run(space.environment(), "load", "network").succeeded();

    space.put("network/a.adjlist", "NODE1 NODE3\n");
    Jar.run(space.environment(), "load", "network").succeeded();

    assertThat(space.number("select adj_node_id from fsm.network_edge")).isEqualTo(3);
    assertThat(versions().get(0)).startsWith("superseded");
  }

  private void load() {
    Jar.run(space.environment(), "load", "visits").succeeded();
  }

  private List<String> versions() {
    return space
        .sql()
        .sql(
            "select format('%s, lines %s, rows %s, committed %s', state, coalesce(lines::text, '-'), rows, committed) from ingest.object order by id")
        .query(String.class)
        .list();
  }

  private static String withAge(String report, int age) {
    return report.replaceFirst("\"node_age\": \\d+", "\"node_age\": " + age);
  }

  private static long visits(Statement statement) throws SQLException {
    try (ResultSet result = statement.executeQuery("select count(*) from fsm.visit")) {
      result.next();
      return result.getLong(1);
    }
  }
}
