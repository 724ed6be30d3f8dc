package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelingest.local.SampleData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SQL that merges a batch, beside other transactions. */
class MergeIT {

  @TempDir private Path folder;

  private final Space space = Space.create();

  @Test
  void theLaterReportWinsOverOneThatIsCommittedWhileItsMergeRuns() throws Exception {
    // Given a visit whose row somebody holds, and a merge of a later report that waits for it
    space.put("visits/a.jsonl", new SampleData(1).visits(1));
    Jar.run(space.environment(), "load", "visits").succeeded();
    enter(101, "later", "2100-01-02");
    try (Connection holding = space.connection();
        Connection merging = space.connection();
        Statement holder = holding.createStatement();
        Statement merger = merging.createStatement()) {
      holding.setAutoCommit(false);
      holder.execute("update fsm.visit set node_age = node_age");
      CompletableFuture<Void> merged = CompletableFuture.runAsync(() -> merge(merger, 101));
      await()
          .until(
              () ->
                  space.number(
                          "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")
                      == 1);

      // When the row becomes one of an object that is entered only now
      enter(100, "earlier", "2100-01-01");
      holder.execute("update fsm.visit set object_id = 100, line = 1");
      holding.commit();
      merged.get();
    }

    // Then
    assertThat(space.number("select object_id from fsm.visit")).isEqualTo(101);
    assertThat(
            space
                .sql()
                .sql("select object_id from fsm.visit_corrected where object_id >= 100")
                .query(Long.class)
                .list())
        .containsExactly(100L);
  }

  @Test
  void newVisitsAreNotMerged() throws Exception {
    // Given a route that cannot merge
    Routes.copy(folder).replace("visits", "sql:{{ingest.sql}}/load/visits.sql", "sql:select 1/0");
    space.put("visits/a.jsonl", new SampleData(1).visits(100));

    // When
    Jar.run(folder, space.environment(), "load", "visits").succeeded();

    // Then
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(100);
  }

  @Test
  void aCopyThatMeetsAnotherTransactionInADeadlockIsTriedAgain() throws Exception {
    // Given two visits of which another transaction has reported the second one
    Jar.run(space.environment(), "load", "network").succeeded();
    enter(100, "earlier", "2000-01-01");
    space.sql().sql("update ingest.object set state = 'loaded' where id = 100").update();
    space.put("visits/a.jsonl", visit(1) + visit(2));
    try (Connection other = space.connection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      report(statement, 2);
      CompletableFuture<Jar.Result> load =
          CompletableFuture.supplyAsync(() -> Jar.run(space.environment(), "load", "visits"));
      await()
          .until(
              () ->
                  space.number(
                          "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")
                      == 1);

      // When it reports the first one, too, so that who waits longer is stopped: the application
      report(statement, 1);
      other.commit();

      // Then
      load.get().succeeded();
    }
    assertThat(space.number("select count(*) from fsm.visit where object_id <> 100")).isEqualTo(2);
    assertThat(space.number("select count(*) from fsm.visit_corrected where object_id = 100"))
        .isEqualTo(2);
  }

  private static String visit(int task) {
    return new SampleData(1).visits(1).replaceFirst("TASK\\d+", "TASK" + task);
  }

  private static void report(Statement statement, int task) throws SQLException {
    statement.execute(
        "insert into fsm.visit values (%d, 1, 1, now(), now(), 1, 1, 1, 1, 'FAIL', '{}', null, 100, %d)"
            .formatted(task, task));
  }

  @Test
  void copiedAndMergedBatchesEndInTheSameTables() throws Exception {
    // Given objects of which some report visits that others have
    String visits = new SampleData(1).visits(900);
    String later = new SampleData(1).visits(1_200).replace("\"node_age\": ", "\"node_age\": 1");
    Space merging = Space.create();
    for (Space each : List.of(space, merging)) {
      each.put("visits/a.jsonl", visits);
      each.put("visits/b.jsonl", later);
    }
    Routes.copy(folder).replace("visits", "copy(*, 'fsm.visit')", "copy(*, 'fsm.visit_known')");

    // When one application copies what it can, and another merges all
    Jar.run(space.environment(), "load", "visits").succeeded();
    Jar.run(merging.environment(), "load", "network").succeeded();
    merging
        .sql()
        .sql(
            """
            create table fsm.visit_known (like fsm.visit, known integer primary key default 1);
            insert into fsm.visit_known select *, 1 from fsm.visit union all
              select 1, 1, 1, now(), now(), 1, 1, 1, 1, 'FAIL', '{}', null, 0, 0, 1
            """)
        .update();
    Jar.run(folder, merging.environment(), "load", "visits").succeeded();

    // Then
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(1_200);
    assertThat(reports(space)).isEqualTo(reports(merging)).hasSize(2_100);
  }

  /** All reports that were loaded, and where they are. */
  private static List<String> reports(Space space) {
    return space
        .sql()
        .sql(
            """
            select o.key || v::text from
              (select v.*, 'holds' from fsm.visit v union all select c.*, 'corrected' from fsm.visit_corrected c) v
            join ingest.object o on o.id = v.object_id
            order by 1
            """)
        .query(String.class)
        .list();
  }

  private void enter(long id, String key, String lastModified) {
    space
        .sql()
        .sql(
            "insert into ingest.object (id, dataset, bucket, key, etag, last_modified) overriding system value values (?, 'visits', 'b', ?, 'e', ?::timestamptz)")
        .params(id, key, lastModified)
        .update();
  }

  /** The visit that is there, reported again by another object. */
  private static void merge(Statement statement, long objectId) {
    try {
      statement.execute("create temporary table visits_batch as select * from fsm.visit");
      statement.execute("update visits_batch set line = 1, object_id = " + objectId);
      statement.execute(Files.readString(Path.of("sql/load/visits.sql")));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
