package io.github.camelingest.it;

import static io.github.camelingest.it.Jar.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelingest.local.SampleData;
import java.io.IOException;
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
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects that are loaded again after a fix. */
@Execution(ExecutionMode.CONCURRENT)
class ReplayIT {

  private static final String NO_OLD_NODES = "alter table fsm.visit add check (node_age < 1000)";
  private static final String OLD_NODES_AGAIN =
      "alter table fsm.visit drop constraint visit_node_age_check";

  private final Space space = Space.create();
  private final Map<String, String> environment =
      with(with(space.environment(), "INGEST_BATCH_SIZE", "50"), "INGEST_BATCH_INTERVAL", "20ms");

  @ParameterizedTest
  @ValueSource(strings = {"replace", "append"})
  void whatLoadsAfterAFixIsNoRejectedLineAnyMoreAndReadersSeeTheOldRowsOrTheNewOnes(
      String policy, @TempDir Path folder) throws IOException, SQLException {
    // Given an object with a refused row and one that cannot be read, and one without
    Routes.copy(folder).replace("visits", "overwritten: replace", "overwritten: " + policy);
    Jar.run(folder, environment, "load", "network").succeeded();
    space.sql().sql(NO_OLD_NODES).update();
    String visits = new SampleData(1).visits(1_000);
    space.put("visits/a.jsonl", visits + old(visits.split("\n")[7], 7) + "\nno json\n");
    space.put("visits/b.jsonl", new SampleData(2).visits(10).replace("\"TASK", "\"TASK90"));
    Jar.run(folder, environment, "load", "visits").succeeded();
    assertThat(rejected()).containsExactly("visits/a.jsonl 1001", "visits/a.jsonl 1002");
    space.sql().sql(OLD_NODES_AGAIN).update();
    Set<Long> seen = new HashSet<>();

    // When
    try (Jar jar = Jar.start(folder, environment, "replay", "--rejected");
        Connection reader = space.connection();
        Statement statement = reader.createStatement()) {
      while (jar.isRunning()) {
        seen.add(visits(statement));
      }
      assertThat(jar.await().succeeded().out())
          .contains("1 objects loaded again with 1,001 rows and 1 rejected lines");
      seen.add(visits(statement));
    }

    // Then
    assertThat(seen).containsExactlyInAnyOrder(1_010L, 1_011L);
    assertThat(rejected()).containsExactly("visits/a.jsonl 1002");
    assertThat(space.number("select count(*) from fsm.visit_incoming")).isZero();
    assertThat(entries())
        .containsExactly(
            "visits/a.jsonl loaded 1001 replay",
            "visits/a.jsonl superseded 0",
            "visits/b.jsonl loaded 10");
    assertThat(
            space.number(
                "select count(*) from fsm.visit v join ingest.object o on o.id = v.object_id where o.replay"))
        .isEqualTo(1_001);
  }

  @Test
  void aReplayThatFailsOrFindsItsObjectGoneLeavesWhatWasLoadedBefore() {
    // Given
    space.put("visits/a.jsonl", new SampleData(1).visits(100));
    space.put("visits/gone.jsonl", new SampleData(2).visits(100).replace("\"TASK", "\"TASK90"));
    Jar.run(environment, "load", "visits").succeeded();
    space.delete("visits/gone.jsonl");
    space
        .sql()
        .sql(
            """
            create function public.broken() returns trigger language plpgsql as $$ begin
              raise exception 'out of order' using errcode = 'XX000';
            end $$;
            create trigger broken before insert on fsm.visit_incoming for each row execute function public.broken()
            """)
        .update();

    // When
    Jar.Result result =
        Jar.run(with(environment, "INGEST_MAX_ATTEMPTS", "1"), "replay", "--prefix", "visits/");

    // Then
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out())
        .contains("0 objects loaded again")
        .contains("1 are gone or overwritten by now")
        .contains("1 failed, see the log; what they had stays");
    assertThat(entries())
        .containsExactly(
            "visits/a.jsonl failed 0 replay",
            "visits/a.jsonl loaded 100",
            "visits/gone.jsonl gone 0 replay",
            "visits/gone.jsonl loaded 100");
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(200);

    // When it is mended
    space.sql().sql("drop function public.broken cascade").update();
    Jar.run(environment, "replay", "--object", "visits/a.jsonl").succeeded();

    // Then
    assertThat(entries().subList(0, 3))
        .containsExactly(
            "visits/a.jsonl loaded 100 replay",
            "visits/a.jsonl superseded 0",
            "visits/a.jsonl superseded 0 replay");
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(200);
  }

  @Test
  void aReplayOfManyObjectsCanBeInterruptedAndContinued() {
    // Given
    int objects = 200;
    SampleData data = new SampleData(1);
    for (int i = 0; i < objects; i++) {
      space.put("visits/%03d.jsonl".formatted(i), data.visits(5));
    }
    space.put("network/a.adjlist", "NODE1 NODE2\n");
    Jar.run(environment, "load", "visits").succeeded();
    Jar.run(environment, "load", "network").succeeded();
    List<String> before = rows();

    // When
    try (Jar jar = Jar.start(environment, "replay", "--since", "2020-01-01")) {
      jar.awaitUntil(() -> replayed() > 0);
      jar.terminate();
      Jar.Result interrupted = jar.await();

      // Then
      assertThat(interrupted.exitCode()).isEqualTo(1);
      assertThat(interrupted.out()).contains("interrupted; camel-ingest replay --continue");
      assertThat(replayed()).isLessThan(objects + 1);
    }

    // When
    long done = replayed();
    Jar.Result rest = Jar.run(environment, "replay", "--continue").succeeded();

    // Then
    assertThat(rest.out()).contains("%d objects loaded again".formatted(objects + 1 - done));
    assertThat(replayed()).isEqualTo(objects + 1);
    assertThat(rows()).isEqualTo(before).hasSize(5 * objects + 1);
    assertThat(Jar.run(environment, "replay", "--continue").succeeded().out())
        .contains("nothing to load again");
  }

  @Test
  void rowsThatAreRefusedStillCostNoOtherRow() {
    // Given
    Jar.run(environment, "load", "network").succeeded();
    space.sql().sql(NO_OLD_NODES).update();
    String visits = new SampleData(1).visits(100);
    String report = visits.split("\n")[0];
    space.put("visits/a.jsonl", visits + old(report, 1) + "\nno json\n");
    Jar.run(environment, "load", "visits").succeeded();

    // When it is loaded again, and when it is overwritten
    Jar.Result replay = Jar.run(environment, "replay", "--object", "visits/a.jsonl").succeeded();
    space.put("visits/a.jsonl", visits + old(report, 1) + "\nno json\n" + old(report, 2) + "\n");
    Jar.run(environment, "load", "visits").succeeded();

    // Then
    assertThat(replay.out()).contains("with 100 rows and 2 rejected lines");
    assertThat(rejected())
        .containsExactly("visits/a.jsonl 101", "visits/a.jsonl 102", "visits/a.jsonl 103");
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(100);
  }

  @Test
  void aReplayIsLeftToTheCommandAndKeepsTheTimeThatDecidesWhichReportWins() {
    // Given a report that a later object corrects, and the same bytes written again
    String report =
        new SampleData(1).visits(1).replaceFirst("\"node_age\": \\d+", "\"node_age\": 1");
    space.put("visits/b.jsonl", report);
    Jar.run(environment, "load", "visits").succeeded();
    space
        .sql()
        .sql("update ingest.object set last_modified = last_modified - interval '1 day'")
        .update();
    space.put("visits/a.jsonl", report.replace("\"node_age\": 1", "\"node_age\": 2"));
    Jar.run(environment, "load", "visits").succeeded();
    space.put("visits/b.jsonl", report);

    // When an instance is running
    try (Jar jar = Jar.start(environment, "run")) {
      jar.awaitReady();
      Jar.run(environment, "replay", "--object", "visits/b.jsonl").succeeded();
      assertThat(jar.log()).doesNotContain("b.jsonl: 1 rows");
    }

    // Then
    assertThat(space.number("select node_age from fsm.visit")).isEqualTo(2);
    assertThat(space.number("select node_age from fsm.visit_corrected")).isEqualTo(1);
    assertThat(Jar.run(environment, "replay", "--object", "visits/none.jsonl").err())
        .contains("no loaded or failed object of a dataset matches");
  }

  @Test
  void aDryRunOnlyShowsWhatWouldBeLoadedAgain() {
    space.put("visits/a.jsonl", new SampleData(1).visits(10));
    space.put("network/a.adjlist", "NODE1 NODE2\n");
    Jar.run(environment, "load", "visits").succeeded();
    Jar.run(environment, "load", "network").succeeded();

    assertThat(replayDryRun("--since", "2020-01-01"))
        .contains("/visits/a.jsonl", "/network/a.adjlist", "2 objects with 11 lines");
    assertThat(replayDryRun("--since", "2020-01-01T00:00Z", "--prefix", "net"))
        .contains("1 objects with 1 lines");
    assertThat(space.number("select count(*) from ingest.object where replay")).isZero();
  }

  private String replayDryRun(String... options) {
    List<String> arguments = new java.util.ArrayList<>(List.of("replay", "--dry-run"));
    arguments.addAll(List.of(options));
    return Jar.run(environment, arguments.toArray(String[]::new)).succeeded().out();
  }

  /** A visit that the constraint refuses, as one of a task of its own. */
  private static String old(String visit, int task) {
    return visit
        .replaceFirst("\"TASK\\d+", "\"TASK80000" + task)
        .replaceFirst("\"node_age\": \\d+", "\"node_age\": 1000");
  }

  private List<String> rejected() {
    return space
        .sql()
        .sql(
            "select o.key || ' ' || r.line from ingest.rejected_line r join ingest.object o on o.id = r.object_id order by 1")
        .query(String.class)
        .list();
  }

  private List<String> entries() {
    return space
        .sql()
        .sql(
            "select concat_ws(' ', key, state, rows, case when replay then 'replay' end) from ingest.object where dataset = 'visits' order by 1")
        .query(String.class)
        .list();
  }

  private long replayed() {
    return space.number("select count(*) from ingest.object where replay and state = 'loaded'");
  }

  private List<String> rows() {
    return space
        .sql()
        .sql(
            "select (to_jsonb(v) - 'object_id')::text from fsm.visit v union all select (to_jsonb(e) - 'object_id')::text from fsm.network_edge e order by 1")
        .query(String.class)
        .list();
  }

  private static long visits(Statement statement) throws SQLException {
    try (ResultSet result = statement.executeQuery("select count(*) from fsm.visit")) {
      result.next();
      return result.getLong(1);
    }
  }
}
