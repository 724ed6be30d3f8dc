package io.github.camelingest.it;

import static io.github.camelingest.it.Jar.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelingest.local.SampleData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Routes and SQL are edited while they run, as docs/editing.md says. */
@Execution(ExecutionMode.CONCURRENT)
class EditingIT {

  /** More of them by {@code ./mvnw verify -Dit.test=EditingIT -Dediting.lines=1000000}. */
  private static final int LINES = Integer.getInteger("editing.lines", 100_000);

  private static final String TAKEN = ": taken";
  private static final String NOT_TAKEN = "; what ran before still runs";

  private static final String NOTES =
      """
      - templatedRoute:
          routeTemplateRef: json-lines
          routeId: notes
          prefixId: notes-
          parameters:
            - name: dataset
              value: notes
            - name: table
              value: shop.notes
      """;

  private static final String NOTES_SQL =
      """
      insert into shop.notes (text, object_id, line)
      select json ->> 'text', object_id, line
      from notes_batch
      on conflict do nothing
      """;

  private final Space space = Space.create();

  @TempDir private Path folder;

  @BeforeEach
  void copyRoutesAndSql() throws IOException {
    Routes.copy(folder);
    try (Stream<Path> files = Files.walk(Path.of("sql"))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file));
      }
    }
  }

  @Test
  void twentySavesWhileAFileLoadsLoseNothingAndDoubleNothing() throws Exception {
    // Given a file that takes longer than all saves
    space.put("visits/a.jsonl", new SampleData(1).visits(LINES));
    String good = read("routes/visits.camel.yaml");
    List<UnaryOperator<String>> breakages =
        List.of(
            yaml -> yaml.replace("streaming: true", "streamin: true"),
            yaml -> yaml.replace("ref: objectOpener", "ref: objectOpenr"),
            yaml -> yaml.replace("      steps:", "     steps:"),
            yaml -> yaml.replace("/visits.sql", "/visit.sql"),
            yaml -> "");
    try (Jar jar = Jar.start(folder, slow(), "run")) {
      jar.awaitReady();
      slowDown();
      jar.awaitUntil(() -> space.number("select rows from ingest.object") > 0);

      // When good and broken ones are saved in turn, and the good ones leave out the one outcome
      // and
      // then the other
      for (int save = 0; save < 20; save++) {
        String yaml =
            save % 2 == 0
                ? leavingOut(good, outcome(save / 2))
                : breakages.get(save / 2 % breakages.size()).apply(good);
        int before = told(jar);
        write("routes/visits.camel.yaml", yaml);
        jar.awaitUntil(() -> told(jar) > before);
      }
      assertThat(space.text("select state from ingest.object")).isNotEqualTo("loaded");
      space.sql().sql("drop trigger slow on fsm.visit").update();
      jar.awaitUntil(() -> space.text("select state from ingest.object").equals("loaded"));

      // Then
      assertThat(count(jar, TAKEN)).isEqualTo(10);
      assertThat(count(jar, NOT_TAKEN)).isEqualTo(10);
      assertThat(jar.log())
          .contains("routes/visits.camel.yaml:42:23: Unsupported field: streamin")
          .contains("routes/visits.camel.yaml:37:18: there is no bean 'objectOpenr'")
          .doesNotContain("not loaded", "\tat ");
    }
    assertEachLineIsInOnceOrLeftOut();
    assertLinesWentBy(LINES, IntStream.range(0, 10).mapToObj(EditingIT::outcome).toList());
  }

  @Test
  void killedAtAnyMomentOfAReplacementItGoesOnWithTheRouteThatWasSaved() throws Exception {
    // Given
    space.put("visits/a.jsonl", new SampleData(1).visits(LINES / 2));
    String good = read("routes/visits.camel.yaml");
    Random random = new Random(1);

    // When
    for (int kill = 0; kill < 2; kill++) {
      try (Jar jar = Jar.start(folder, slow(), "run")) {
        jar.awaitReady();
        if (kill == 0) {
          slowDown();
        }
        long rows = space.number("select coalesce(sum(rows), 0) from ingest.object");
        jar.awaitUntil(() -> space.number("select sum(rows) from ingest.object") > rows);
        write("routes/visits.camel.yaml", leavingOut(good, outcome(kill)));
        TimeUnit.MILLISECONDS.sleep(500 + random.nextInt(900));
        jar.kill();
      }
      space
          .sql()
          .sql("update ingest.object set lease_until = now() where lease_until > now()")
          .update();
    }
    space.sql().sql("drop trigger slow on fsm.visit").update();
    try (Jar jar = Jar.start(folder, space.environment(), "run")) {
      jar.awaitUntil(() -> space.text("select state from ingest.object").equals("loaded"));
    }

    // Then
    assertEachLineIsInOnceOrLeftOut();
    assertLinesWentBy(LINES / 2, IntStream.range(0, 2).mapToObj(EditingIT::outcome).toList());
  }

  @Test
  void objectsThatComeWhileRoutesAreReplacedAreHeardOf() throws Exception {
    // Given
    String good = read("routes/visits.camel.yaml");
    SampleData data = new SampleData(1);
    int objects = 0;
    try (Jar jar = Jar.start(folder, space.environment(), "run")) {
      jar.awaitReady();

      // When
      for (int save = 1; save <= 3; save++) {
        write("routes/visits.camel.yaml", good + "# saved %d times\n".formatted(save));
        while (count(jar, TAKEN) < save) {
          space.put("visits/%d.jsonl".formatted(objects++), data.visit());
        }
      }

      // Then none seemed to be of nobody's interest
      int all = objects;
      jar.awaitUntil(
          () -> space.number("select count(*) from ingest.object where state = 'loaded'") == all);
    }
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(objects);
  }

  @Test
  void filesComeGoAndAreMended() throws Exception {
    // Given an object that nobody wants yet
    space.put("notes/a.jsonl", note("first"));
    space
        .sql()
        .sql(
            "create schema shop; create table shop.notes (text text not null, object_id bigint, line bigint, primary key (object_id, line))")
        .update();
    try (Jar jar = Jar.start(folder, space.environment(), "run")) {
      jar.awaitReady();
      jar.awaitUntil(() -> space.messages() == 0);
      long fastest = Long.MAX_VALUE;

      // When a dataset is added, by an editor that writes elsewhere and renames, and leaves files
      Files.writeString(folder.resolve("routes/.notes.camel.yaml.swp"), "swap");
      Files.writeString(folder.resolve("routes/notes.camel.yaml~"), "backup: [");
      Files.createSymbolicLink(
          folder.resolve("routes/.#notes.camel.yaml"), Path.of("nobody@nowhere.1"));
      Files.writeString(folder.resolve("routes/notes.test.yaml"), "- a test");
      rename("sql/load/notes.sql", NOTES_SQL);
      rename("routes/notes.camel.yaml", NOTES);
      awaitTaken(jar, 1);

      // Then it is one edit, and what was there before is loaded, too
      assertThat(jar.log())
          .contains(
              "routes/notes.camel.yaml, sql/load/notes.sql: taken; it concerns the routes [notes]");
      awaitNotes(jar, "first");

      // When an edit lacks only a table, then it is taken once that is there
      write("sql/load/notes.sql", NOTES_SQL.replace("shop.notes", "shop.others"));
      jar.awaitUntil(() -> count(jar, NOT_TAKEN) == 1);
      space.sql().sql("create view shop.others as select * from shop.notes").update();
      awaitTaken(jar, 2);

      // When its SQL is edited
      long saved = System.nanoTime();
      write("sql/load/notes.sql", NOTES_SQL.replace("json ->> 'text'", "upper(json ->> 'text')"));
      awaitTaken(jar, 3);
      fastest = Math.min(fastest, System.nanoTime() - saved);
      space.put("notes/b.jsonl", note("second"));
      awaitNotes(jar, "SECOND", "first");

      // When the SQL fits no table, then
      write("sql/load/notes.sql", NOTES_SQL.replace("(text,", "(txt,"));
      jar.awaitUntil(() -> count(jar, NOT_TAKEN) == 2);
      assertThat(jar.log())
          .contains(
              "sql/load/notes.sql:1:25: column \"txt\" of relation \"notes\" does not exist; what ran before still runs");
      space.put("notes/c.jsonl", note("third"));
      awaitNotes(jar, "SECOND", "THIRD", "first");

      // When another file is good meanwhile, it is taken
      write(
          "routes/json-lines.camel.yaml",
          read("routes/json-lines.camel.yaml").replace("One message", "A message"));
      saved = System.nanoTime();
      awaitTaken(jar, 4);
      fastest = Math.min(fastest, System.nanoTime() - saved);
      assertThat(jar.log())
          .contains("routes/json-lines.camel.yaml: taken; it concerns the routes [notes]");
      assertThat(count(jar, NOT_TAKEN)).isEqualTo(2);
      write("sql/load/notes.sql", NOTES_SQL.replace("json ->> 'text'", "upper(json ->> 'text')"));
      jar.awaitUntil(() -> jar.log().contains("sql/load/notes.sql: as it runs"));

      // When it is deleted, then its objects are nobody's; when it comes again, they are loaded
      Files.delete(folder.resolve("routes/notes.camel.yaml"));
      awaitTaken(jar, 5);
      space.put("notes/d.jsonl", note("fourth"));
      jar.awaitUntil(() -> space.messages() == 0);
      assertThat(space.number("select count(*) from ingest.object where key = 'notes/d.jsonl'"))
          .isZero();
      write("routes/notes.camel.yaml", NOTES);
      awaitTaken(jar, 6);
      awaitNotes(jar, "FOURTH", "SECOND", "THIRD", "first");

      // When its new routes do not start, which no trial has seen, then the one before does
      write(
          "routes/notes.camel.yaml",
          NOTES
              + """
              - route:
                  id: second
                  from:
                    uri: direct:compare
                    steps:
                      - log: there is a route from there already
              """);
      jar.awaitUntil(() -> count(jar, NOT_TAKEN) == 3);
      assertThat(jar.log())
          .containsPattern(
              "routes/notes.camel.yaml: .*direct:.*compare.*; what ran before still runs");
      space.put("notes/e.jsonl", note("fifth"));
      awaitNotes(jar, "FIFTH", "FOURTH", "SECOND", "THIRD", "first");

      assertThat(TimeUnit.NANOSECONDS.toMillis(fastest))
          .as("ms until an edit is live")
          .isLessThan(3_000);
      jar.terminate();
      jar.await().succeeded();
    }
  }

  @Test
  void whileTheDatabaseIsAwayEditsWaitForTheirLoadsAndAreTriedOnceItIsBack() throws Exception {
    // Given
    space.put("visits/a.jsonl", new SampleData(1).visits(LINES / 4));
    String good = read("routes/visits.camel.yaml");
    String sql = read("sql/load/visits.sql");
    try (Jar jar = Jar.start(folder, slow(), "run");
        Connection held = space.connection();
        Statement statement = held.createStatement()) {
      jar.awaitReady();
      slowDown();
      jar.awaitUntil(() -> space.number("select rows from ingest.object") > 0);
      String database = held.getCatalog();
      statement.execute("alter database %s connection limit 0".formatted(database));
      statement.execute(
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'camel-ingest'");
      jar.awaitUntil(() -> jar.log().contains("PostgreSQL is away"));

      // When a good edit is saved, and a broken one behind it
      write("routes/visits.camel.yaml", leavingOut(good, "FAIL"));
      jar.awaitUntil(
          () ->
              jar.log()
                  .contains(
                      "routes/visits.camel.yaml: tried without asking about its SQL: PostgreSQL cannot be asked"));
      write("sql/load/visits.sql", sql + ";\nselect :#${body.nothing}");
      jar.awaitUntil(() -> count(jar, NOT_TAKEN) == 1);
      write("sql/load/visits.sql", sql);
      int taken = count(jar, TAKEN);
      statement.execute("alter database %s connection limit -1".formatted(database));

      // Then
      assertThat(taken).isZero();
      space.sql().sql("drop trigger slow on fsm.visit").update();
      awaitTaken(jar, 1);
      jar.awaitUntil(() -> space.text("select state from ingest.object").equals("loaded"));
      assertThat(jar.log()).doesNotContain("not loaded", "\tat ");
    }
    assertEachLineIsInOnceOrLeftOut();
    assertThat(space.number("select filtered from ingest.object")).isPositive();
  }

  @Test
  void aRouteThatDoesNotStartIsToldWithItsPlace() throws IOException {
    // Given
    write(
        "routes/visits.camel.yaml",
        read("routes/visits.camel.yaml").replace("ref: objectOpener", "ref: objectOpenr"));

    // When
    Jar.Result result = Jar.run(folder, space.environment(), "run");

    // Then
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .contains("do not start: routes/visits.camel.yaml:37:18: there is no bean 'objectOpenr'");
  }

  /** With batches so small that edits hit between them. */
  private Map<String, String> slow() {
    return with(with(space.environment(), "INGEST_BATCH_SIZE", "50"), "INGEST_WRITERS", "1");
  }

  /** From now on no batch takes less than a while. */
  private void slowDown() {
    space
        .sql()
        .sql(
            """
            create function public.slow() returns trigger language plpgsql as $$
            begin
              perform pg_sleep(0.03);
              return null;
            end $$;
            create trigger slow after insert on fsm.visit for each statement execute function public.slow()
            """)
        .update();
  }

  private static String outcome(int n) {
    return n % 2 == 0 ? "SUCCESS" : "FAIL";
  }

  /** The route of the visits with a step that leaves out those of an outcome: the README's. */
  private static String leavingOut(String yaml, String outcome) {
    String behind = "              - aggregate:\n";
    assertThat(yaml).contains(behind);
    return yaml.replace(
        behind,
        """
                      - split:
                          id: visits-rows
                          aggregationStrategy: "#rows"
                          expression:
                            method:
                              ref: rows
                              method: each
                          steps:
                            - filter:
                                id: visits-leave-out
                                simple: "${body.outcome} == '%s'"
                                steps:
                                  - stop: {}
        """
                .formatted(outcome)
            + behind);
  }

  private static String note(String text) {
    return "{\"text\": \"%s\"}\n".formatted(text);
  }

  private void awaitNotes(Jar jar, String... texts) {
    jar.awaitUntil(
        () ->
            space
                .sql()
                .sql("select text from shop.notes order by text collate \"C\"")
                .query(String.class)
                .list()
                .equals(List.of(texts)));
  }

  private static void awaitTaken(Jar jar, int edits) {
    jar.awaitUntil(() -> count(jar, TAKEN) == edits);
  }

  /** Edits that the log has told of. */
  private static int told(Jar jar) {
    return count(jar, TAKEN) + count(jar, NOT_TAKEN);
  }

  private static int count(Jar jar, String text) {
    return jar.log().split(text, -1).length - 1;
  }

  private void assertEachLineIsInOnceOrLeftOut() {
    Map<String, Object> object =
        space
            .rows(
                "select lines, rows, rejected, blank, filtered, complete, (select count(*) from fsm.visit) as visits from ingest.files")
            .get(0);
    assertThat(object.get("complete"))
        .as("lines = rows + rejected + blank + filtered")
        .isEqualTo(true);
    assertThat(object.get("visits")).isEqualTo(object.get("rows"));
  }

  /**
   * Checks that the lines of the visits went by one route after the other, in order: first by the
   * one that leaves nothing out, then by those that leave out an outcome each.
   *
   * @param saved what the routes leave out that were saved
   */
  private void assertLinesWentBy(int lines, List<String> saved) {
    SampleData data = new SampleData(1);
    Set<Long> in =
        Set.copyOf(space.sql().sql("select line from fsm.visit").query(Long.class).list());
    int route = -1;
    for (long line = 1; line <= lines; line++) {
      String outcome = data.visit().contains("\"SUCCESS\"") ? "SUCCESS" : "FAIL";
      while (in.contains(line) == (route >= 0 && saved.get(route).equals(outcome))) {
        route++;
        assertThat(route).as("route by which line %d went", line).isLessThan(saved.size());
      }
    }
    assertThat(route).as("last route by which lines went").isEqualTo(saved.size() - 1);
  }

  private String read(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }

  private void rename(String file, String text) throws IOException {
    Path elsewhere = Files.writeString(folder.resolve("elsewhere"), text);
    Files.move(elsewhere, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
  }
}
