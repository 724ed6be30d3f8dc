package io.github.camelingest.it;

import static io.github.camelingest.it.Jar.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command validate, on files that stand in for the shipped ones. */
class ValidateIT {

  private static final Space SPACE = Space.create();

  @TempDir private Path folder;

  @BeforeAll
  static void makeTheLedger() {
    Jar.run(SPACE.environment(), "load", "network").succeeded();
  }

  @Test
  void theShippedRoutesAndSqlAreGoodAndNothingIsLoaded() {
    // Given
    SPACE.put("visits/a.jsonl", "no json\n");

    // When
    Jar.Result result = Jar.run(SPACE.environment(), "validate").succeeded();

    // Then
    assertThat(result.out()).isEqualTo("no problem was found\n");
    assertThat(result.err()).isEmpty();
    assertThat(SPACE.number("select count(*) from ingest.object where key = 'visits/a.jsonl'"))
        .isZero();
  }

  @Test
  void eachProblemIsToldWithItsPlace() throws IOException {
    // Given
    String sql = Files.readString(Path.of("sql/load/visits.sql")).strip();
    Path draft =
        write(
            "visits.sql",
            sql.replace("node_age = excluded.node_age,", "node_age = excluded.node_ag,")
                + ";\nselect :#${body.objectId};\nselect from nothing");
    Path network =
        write(
            "network-publish.sql",
            Files.readString(Path.of("sql/load/network-publish.sql"))
                .replace("i.line, a.place", "i.lin, a.place"));

    // When
    Jar.Result parameters = Jar.run(SPACE.environment(), "validate", draft.toString());
    write("visits.sql", Files.readString(draft).replace("select :#${body.objectId};\n", ""));
    Jar.Result result =
        Jar.run(SPACE.environment(), "validate", draft.toString(), network.toString(), "--json");

    // Then
    int end = (int) sql.lines().count();
    assertThat(parameters.exitCode()).isEqualTo(1);
    assertThat(parameters.out().lines())
        .contains(
            "sql/load/visits.sql:%d:8: nothing gives the parameter :#${body.objectId} here"
                .formatted(end + 1));
    assertThat(result.exitCode()).isEqualTo(1);
    JsonNode json = new ObjectMapper().readTree(result.out());
    assertThat(json.get("valid").asBoolean()).isFalse();
    assertThat(json.get("sql_not_tried").isNull()).isTrue();
    assertThat(json.get("problems"))
        .extracting(
            problem ->
                problem.get("file").asText()
                    + ":"
                    + problem.get("line")
                    + ":"
                    + problem.get("column")
                    + ": "
                    + problem.get("reason").asText())
        .containsExactlyInAnyOrder(
            "sql/load/network-publish.sql:35:79: column i.lin does not exist",
            "sql/load/visits.sql:50:16: column excluded.node_ag does not exist",
            "sql/load/visits.sql:%d:13: relation \"nothing\" does not exist".formatted(end + 1));
  }

  @Test
  void withoutADatabaseTheSqlIsNotTried() {
    // Given
    Map<String, String> nowhere =
        with(SPACE.environment(), "INGEST_DB_URL", "jdbc:postgresql://127.0.0.1:1/none");

    // When
    Jar.Result result = Jar.run(nowhere, "validate").succeeded();

    // Then
    assertThat(result.out())
        .contains(
            "SQL was not tried: PostgreSQL cannot be asked: Connection to 127.0.0.1:1 refused")
        .endsWith("no problem was found\n");
  }

  @Test
  void wrongFilesAreToldInALine() throws IOException {
    // When
    Jar.Result neither = Jar.run(SPACE.environment(), "validate", write("a.txt", "").toString());
    Jar.Result missing = Jar.run(SPACE.environment(), "validate", "nowhere.camel.yaml");

    // Then
    assertThat(neither.exitCode()).isEqualTo(2);
    assertThat(neither.err()).contains("a.txt is neither a route (*.camel.yaml) nor SQL (*.sql)");
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.err())
        .isEqualTo("camel-ingest: nowhere.camel.yaml: there is no such file\n");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
