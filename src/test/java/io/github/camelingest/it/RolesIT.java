package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelingest.local.SampleData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the application and analysts may do in a database of which somebody else is the owner. */
class RolesIT {

  /** With one visit, and one rejected line. */
  private static Space space;

  @BeforeAll
  static void load() {
    space = Space.withRoles();
    space.put("visits/a.jsonl", new SampleData(1).visits(1) + "rubbish\n");
    Jar.run(space.environment(), "load", "visits").succeeded();
  }

  @Test
  void theApplicationLoadsWithoutOwningAnything() {
    // Given visits, some of which are reported again, and an object that is overwritten
    Space space = Space.withRoles();
    space.put("visits/a.jsonl", new SampleData(1).visits(100) + "rubbish\n");
    space.put("visits/b.jsonl", new SampleData(1).visits(50));
    space.put("network/network.adjlist", new SampleData(1).network());

    // When
    Jar.run(space.environment(), "load", "visits").succeeded();
    Jar.run(space.environment(), "load", "network").succeeded();
    space.put("visits/b.jsonl", new SampleData(1).visits(60));
    Jar.run(space.environment(), "load", "visits").succeeded();

    // Then
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(100);
    assertThat(space.number("select count(*) from fsm.network_edge")).isEqualTo(SampleData.EDGES);
    assertThat(
            space
                .sql()
                .sql(
                    "select distinct tableowner from pg_tables where schemaname in ('fsm', 'ingest')")
                .query(String.class)
                .list())
        .containsExactly("ingest_owner");
  }

  @Test
  void whoMayNotMigrateIsToldWhoMay() {
    Space space = Space.withRoles();
    Jar.Result result =
        Jar.run(Jar.with(space.environment(), "INGEST_DB_MIGRATION_USER", ""), "load", "visits");

    assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
    assertThat(result.err().strip().lines()).hasSize(1);
    assertThat(result.err())
        .startsWith("camel-ingest: ")
        .contains("run by 'ingest_writer'", "INGEST_DB_MIGRATION_USER");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create table fsm.mine (id integer)",
        "create table public.mine (id integer)",
        "drop table fsm.visit",
        "alter table fsm.visit add mine integer",
        "create role mine",
        "delete from ingest.flyway_schema_history",
        "copy fsm.visit to program 'cat'"
      })
  void theApplicationMayNot(String statement) throws SQLException {
    try (Connection writer = space.connection("ingest_writer")) {
      assertRefused(writer, statement);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete from fsm.visit",
        "insert into fsm.network_edge values (1, 2, 3, 4)",
        "update ingest.object set state = 'loaded'",
        "select raw from ingest.rejected_line",
        "select * from ingest.rejected_line",
        "select * from ingest.outbox",
        "create table fsm.mine (id integer)",
        "create table public.mine (id integer)",
        "create role mine",
        "copy fsm.visit to program 'cat'"
      })
  void analystsMayNot(String statement) throws SQLException {
    try (Connection analyst = space.connection("analyst");
        Statement first = analyst.createStatement()) {
      // Whoever means it can switch this off; the privileges must hold without it.
      first.execute("set default_transaction_read_only = off");
      assertRefused(analyst, statement);
    }
  }

  @Test
  void analystsRunWhatTheirDocumentationShows() throws SQLException, IOException {
    List<String> shown =
        Pattern.compile("```sql\\s(.*?)```|`(select .*?;?)`", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("docs/model.md")))
            .results()
            .flatMap(
                sql -> Stream.of((sql.group(1) == null ? sql.group(2) : sql.group(1)).split(";")))
            .map(String::strip)
            .filter(query -> query.startsWith("select ") && !query.equals("select *"))
            .toList();
    assertThat(shown).hasSize(5);

    try (Connection analyst = space.connection("analyst");
        Statement statement = analyst.createStatement()) {
      for (String query : shown) {
        statement.executeQuery(query).close();
      }
    }
  }

  @Test
  void analystsReadWhatTheyAskFor() throws SQLException {
    try (Connection analyst = space.connection("analyst");
        Statement statement = analyst.createStatement()) {
      for (String what :
          List.of(
              "visit",
              "node",
              "task",
              "note_token",
              "neighbour",
              "network_edge",
              "contradiction",
              "nodes_within(94, 2)",
              "public.visits",
              "public.network",
              "ingest.files",
              "ingest.backlog",
              "ingest.throughput",
              "ingest.errors",
              "ingest.origin")) {
        statement.executeQuery("select * from " + what).close();
      }

      assertThat(text(statement, "select reason from ingest.rejected_line")).isEqualTo("not_json");
      assertThat(text(statement, "show statement_timeout")).isEqualTo("1min");
      assertThat(text(statement, "show transaction_read_only")).isEqualTo("on");
    }
  }

  @Test
  void schemasOfOneUserAreHandedOver() throws SQLException {
    // Given
    Space ofOneUser = Space.create();
    ofOneUser.put("visits/a.jsonl", new SampleData(1).visits(10));
    Jar.run(ofOneUser.environment(), "load", "visits").succeeded();

    // When
    Space handedOver = ofOneUser.handedOver();
    handedOver.put("visits/b.jsonl", new SampleData(1).visits(20));
    Jar.run(handedOver.environment(), "load", "visits").succeeded();

    // Then
    try (Connection analyst = handedOver.connection("analyst");
        Statement statement = analyst.createStatement()) {
      assertThat(text(statement, "select count(*) from visit")).isEqualTo("20");
    }
  }

  private static void assertRefused(Connection connection, String statement) {
    assertThatThrownBy(() -> connection.createStatement().execute(statement))
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("42501"));
  }

  private static String text(Statement statement, String query) throws SQLException {
    try (ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getString(1);
    }
  }
}
