package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelingest.local.SampleData;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What must stay right when something goes wrong in the middle. */
class FaultIT {

  private static final Duration PATIENCE = Duration.ofSeconds(180);

  private final Space space = Space.create();

  @Test
  void anInsertThatFailsLeavesNothingHalfLoaded() {
    try (Jar jar = Jar.start(space.environment(), "run")) {
      // Given an application whose inserts fail
      jar.awaitReady();
      await().atMost(PATIENCE).until(() -> space.messages() == 0);
      space.sql().sql("alter table fsm.visit rename column node_age to age").update();

      // When
      space.put("visits/a.jsonl", new SampleData(1).visits(100));
      await()
          .atMost(PATIENCE)
          .until(() -> jar.log().contains("visits/a.jsonl: not loaded, will be tried again"));

      // Then
      assertThat(jar.log()).contains("column \"node_age\" of relation \"visit\" does not exist");
      assertThat(space.number("select count(*) from fsm.visit")).isZero();
      assertThat(space.number("select count(*) from ingest.rejected_line")).isZero();
      assertThat(space.rows("select state, rows, committed::text, error from ingest.object"))
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row).containsEntry("state", "discovered").containsEntry("rows", 0L);
                assertThat(row).containsEntry("committed", "{}");
                assertThat(row.get("error").toString()).contains("node_age");
              });

      // When the cause is mended
      space.sql().sql("alter table fsm.visit rename column age to node_age").update();
      await().atMost(PATIENCE).until(this::nothingWaits);

      // Then
      assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(100);
      assertThat(space.text("select state from ingest.object")).isEqualTo("loaded");
    }
  }

  @Test
  void aLoadThatFailsEndsTheCommandWithAnError() {
    space.put("visits/a.jsonl", new SampleData(1).visits(10));
    Jar.run(space.environment(), "load", "network").succeeded();
    space.sql().sql("alter table fsm.visit rename column node_age to age").update();

    Jar.Result result = Jar.run(space.environment(), "load", "visits", "--wait");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).contains("0 objects loaded").contains("1 not loaded");
    assertThat(result.err()).contains("does not exist").doesNotContain("\tat ");
  }

  @Test
  void stoppedInTheMiddleOfAFileItGoesOnBehindTheLastCommittedLine() {
    // Given the tables of an undisturbed run
    String visits = withBrokenLines(new SampleData(1).visits(60_000));
    Space undisturbed = Space.create();
    undisturbed.put("visits/a.jsonl", visits);
    Jar.run(undisturbed.environment(), "load", "visits").succeeded();

    // When SIGTERM comes after the first batches
    space.put("visits/a.jsonl", visits);
    var smallBatches = Jar.with(space.environment(), "INGEST_BATCH_SIZE", "100");
    int exitCode;
    try (Jar jar = Jar.start(smallBatches, "run")) {
      await()
          .pollInterval(Duration.ofMillis(5))
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> space.number("select count(*) from fsm.visit") > 0);
      jar.terminate();
      exitCode = jar.await().exitCode();
    }
    long inTheMiddle = space.number("select count(*) from fsm.visit");
    String state = space.text("select state || coalesce(owner, '') from ingest.object");
    Jar.run(space.environment(), "load", "visits").succeeded();

    // Then
    assertThat(exitCode).isZero();
    assertThat(inTheMiddle).isPositive().isLessThan(59_000);
    assertThat(state).isEqualTo("discovered");
    assertThat(space.number("select attempts from ingest.object")).isEqualTo(2);
    assertThat(space.tables()).isEqualTo(undisturbed.tables());
  }

  @Test
  void badLinesAreKeptWithTheirReasonAndCostNoGoodLine() {
    // Given
    String good = new SampleData(1).visits(1);
    space.put(
        "visits/a.jsonl",
        good
            + "not json\n"
            + good.replaceFirst(
                "TASK\\d+\", \"node_id\": \"NODE\\d+", "TASK2\", \"node_id\": \"NODEx")
            + "\n"
            + good.replaceFirst(", \"outcome\": \"\\w+\"", "").replace("TASK1", "TASK3")
            + "{\"task_id\": \"TASK4\"} {}\n"
            + "[1]\n"
            + " ".repeat(2_000)
            + "x\n"
            + good.replaceFirst("NODE\\d+", "NODE\\\\u0000").replace("TASK1", "TASK5")
            + good.replaceFirst("TASK1", "TASK9"));

    // When
    Jar.Result result =
        Jar.run(Jar.with(space.environment(), "INGEST_MAX_LINE_BYTES", "1000"), "load", "visits")
            .succeeded();

    // Then
    assertThat(result.out()).contains("2 rows and 7 rejected lines");
    assertThat(
            space.sql().sql("select task_id from fsm.visit order by 1").query(Integer.class).list())
        .containsExactly(1, 9);
    assertThat(
            space
                .sql()
                .sql(
                    "select line || ' ' || reason || ' ' || message from ingest.rejected_line order by line")
                .query(String.class)
                .list())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .isEqualTo("2 not_json not JSON at column 1: unexpected word 'not'"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "3 bad_value node_id: expected NODE and a number up to 2147483647, got 'NODEx'"),
            line -> assertThat(line).isEqualTo("5 missing_field outcome: missing"),
            line -> assertThat(line).isEqualTo("6 missing_field visit_id: missing"),
            line -> assertThat(line).isEqualTo("7 not_object expected an object: {…}"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "8 too_long the line is longer than 1000 bytes (ingest.max-line-bytes)"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "9 bad_character node_id: expected NODE and a number up to 2147483647, got 'NODE\u2400'"));
    assertThat(
            space.text("select convert_from(raw, 'UTF8') from ingest.rejected_line where line = 2"))
        .isEqualTo("not json");
    assertThat(space.rows("select lines, blank, complete from ingest.files").get(0))
        .containsEntry("lines", 10L)
        .containsEntry("blank", 1L)
        .containsEntry("complete", true);
  }

  @Test
  void whichReportOfAVisitWinsDoesNotDependOnTheOrderOfLoading() throws InterruptedException {
    // Given the same visit in three objects; S3 tells their time in whole seconds
    String report = new SampleData(1).visits(1);
    space.put("visits/b.jsonl", report.replace("\"node_age\": ", "\"node_age\": 1"));
    awaitNextSecond();
    space.put("visits/a.jsonl", report.replace("\"node_age\": ", "\"node_age\": 2"));
    Jar.run(space.environment(), "load", "visits").succeeded();
    List<String> oneByOne = space.tables();

    // When the older one is loaded again, after the newer
    space
        .sql()
        .sql(
            "update ingest.object set state = 'discovered', committed = '{}', rows = 0 where key = 'visits/b.jsonl'")
        .update();
    Jar.run(space.environment(), "load", "visits").succeeded();

    // Then
    assertThat(space.text("select left(node_age::text, 1) from fsm.visit")).isEqualTo("2");
    assertThat(space.tables()).isEqualTo(oneByOne);
  }

  @Test
  void readersSeeTheOldNetworkOrTheNewOneNeverAMix() throws Exception {
    // Given a network and a reader that looks all the time
    String network = new SampleData(1).network();
    space.put("network/1.adjlist", network);
    Jar.run(space.environment(), "load", "network").succeeded();
    awaitNextSecond();
    space.put("network/2.adjlist", "NODE1 NODE2\nNODE2\n");
    List<Long> seen = new ArrayList<>();

    // When
    try (Jar jar = Jar.start(space.environment(), "load", "network");
        Connection reader = space.connection();
        Statement statement = reader.createStatement()) {
      while (jar.isRunning()) {
        seen.add(edges(statement));
      }
      jar.await().succeeded();
      seen.add(edges(statement));
    }

    // Then
    assertThat(seen)
        .startsWith((long) SampleData.EDGES)
        .endsWith(1L)
        .containsOnly((long) SampleData.EDGES, 1L);
  }

  @Test
  void anOlderNetworkDoesNotReplaceANewerOne() throws InterruptedException {
    // Given
    space.put("network/1.adjlist", "NODE1 NODE2\n");
    awaitNextSecond();
    space.put("network/2.adjlist", "NODE1 NODE3\n");
    Jar.run(space.environment(), "load", "network").succeeded();

    // When the older one is loaded again
    space
        .sql()
        .sql(
            "update ingest.object set state = 'discovered', committed = '{}', rows = 0 where key = 'network/1.adjlist'")
        .update();
    Jar.run(space.environment(), "load", "network").succeeded();

    // Then
    assertThat(space.number("select adj_node_id from fsm.network_edge")).isEqualTo(3);
    assertThat(space.number("select count(*) from fsm.network_incoming")).isZero();
  }

  @Test
  void anObjectThatIsGoneEndsAsGoneAndItsMessageIsDeleted() {
    space.put("visits/a.jsonl", new SampleData(1).visits(10));
    space.delete("visits/a.jsonl");

    try (Jar jar = Jar.start(space.environment(), "run")) {
      await().atMost(PATIENCE).until(() -> jar.log().contains("visits/a.jsonl: gone"));
      await().atMost(PATIENCE).until(() -> space.messages() == 0);
    }

    assertThat(space.text("select state from ingest.object")).isEqualTo("gone");
  }

  @Test
  void anObjectOverwrittenBeforeItIsLoadedIsLoadedInItsNewVersionOnly() {
    space.put("visits/a.jsonl", new SampleData(1).visits(10));
    space.put("visits/a.jsonl", new SampleData(1).visits(20));

    try (Jar jar = Jar.start(space.environment(), "run")) {
      jar.awaitReady();
      await().atMost(PATIENCE).ignoreExceptions().until(this::nothingWaits);
    }

    assertThat(space.rows("select state, rows from ingest.object order by rows"))
        .satisfiesExactly(
            row -> assertThat(row).containsEntry("state", "superseded").containsEntry("rows", 0L),
            row -> assertThat(row).containsEntry("state", "loaded").containsEntry("rows", 20L));
  }

  @Test
  void aMessageThatNobodyUnderstandsStaysAndStopsNothing() {
    space.send("hello");
    try (Jar jar = Jar.start(space.environment(), "run")) {
      await()
          .atMost(PATIENCE)
          .until(() -> jar.log().contains("not an S3 event notification: hello"));
      space.put("visits/a.jsonl", new SampleData(1).visits(10));
      await()
          .atMost(PATIENCE)
          .until(
              () -> space.number("select count(*) from ingest.object where state = 'loaded'") == 1);
      await().atMost(PATIENCE).until(() -> space.messages() == 1);
    }
  }

  @Test
  void twoInstancesShareAQueueAndLoadEverythingOnce() {
    SampleData data = new SampleData(1);
    try (Jar one = Jar.start(space.environment(), "run");
        Jar two = Jar.start(space.environment(), "run")) {
      one.awaitReady();
      two.awaitReady();
      for (int file = 0; file < 40; file++) {
        space.put("visits/%d.jsonl".formatted(file), data.visits(200));
      }
      await().atMost(PATIENCE).ignoreExceptions().until(this::nothingWaits);
    }

    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(8_000);
    assertThat(
            space.number("select sum(rows) from ingest.files where state = 'loaded' and complete"))
        .isEqualTo(8_000);
    assertThat(space.number("select max(attempts) from ingest.object")).isEqualTo(1);
  }

  private boolean nothingWaits() {
    return space.messages() == 0
        && space.number(
                "select count(*) from ingest.object where state in ('discovered', 'loading')")
            == 0;
  }

  private static long edges(Statement statement) throws SQLException {
    try (ResultSet result = statement.executeQuery("select count(*) from fsm.network_edge")) {
      result.next();
      return result.getLong(1);
    }
  }

  private static void awaitNextSecond() {
    long second = System.currentTimeMillis() / 1000;
    await().until(() -> System.currentTimeMillis() / 1000 > second);
  }

  private static String withBrokenLines(String visits) {
    String[] lines = visits.split("\n");
    for (int i = 0; i < lines.length; i += 1_000) {
      lines[i] = "broken";
      lines[i + 1] = "";
    }
    return String.join("\n", lines);
  }
}
