package io.github.camelingest.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelingest.app.Settings;
import io.github.camelingest.app.SetupException;
import io.github.camelingest.routes.EditableFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cases against routes, in this JVM; nothing here needs a server. */
class RouteTestsTest {

  private static final String A_VISIT =
      "{task_id: TASK1, node_id: NODE2, visit_id: 3, visit_date: 2020-03-01 10:30:00, original_reported_date: 2020-02-01, node_age: 4, node_type: TYPE5, task_type: TASK6, engineer_skill_level: LEVEL1, engineer_note: \"7 8\", outcome: FAIL}";

  @TempDir private Path folder;

  @BeforeEach
  void copyRoutes() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("routes"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".camel.yaml")).toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
  }

  @Test
  void theRoutesAsShippedDoWhatTheirTestsSay() throws IOException {
    // Given
    EditableFolder shipped = EditableFolder.at(Path.of("routes"));

    // When
    List<CaseResult> results =
        RouteTests.run(Settings.load(), shipped, shipped.files(RouteTests.ENDING));

    // Then
    assertThat(results).extracting(CaseResult::dataset).contains("visits", "network");
    assertThat(results)
        .allSatisfy(result -> assertThat(result.differences()).as(result.name()).isEmpty());
  }

  @Test
  void aRowIsComparedByTheColumnsThatTheCaseNames() throws IOException {
    // When
    List<String> differences =
        differences(
            """
            lines: [%s]
            rows:
              - {task_id: 1, visit_no: 4, note_tokens: [7, 9], visit_date: 2020-03-01 10:30:00, rest: {}, task: 1}
            """
                .formatted(A_VISIT));

    // Then
    assertThat(differences)
        .satisfiesExactly(
            d -> assertThat(d).isEqualTo("5:32: line 1: visit_no: expected 4, got 3"),
            d -> assertThat(d).isEqualTo("5:48: line 1: note_tokens: expected [7,9], got [7,8]"),
            d -> assertThat(d).isEqualTo("5:95: line 1: rest: expected {}, got null"),
            d ->
                assertThat(d)
                    .startsWith("5:105: line 1: task: expected 1, got no such column; there are ")
                    .contains("task_id, visit_no, ")
                    .endsWith("rest, line"));
  }

  @Test
  void whatTheCaseDoesNotTellOfIsADifference() throws IOException {
    // When
    List<String> differences =
        differences(
            """
            lines: [no json, %s, %s]
            rows:
              - {line: 3, task_id: 1}
            """
                .formatted(A_VISIT, A_VISIT));

    // Then
    assertThat(differences)
        .satisfiesExactly(
            d ->
                assertThat(d)
                    .startsWith("2:11: line 1: expected nothing, ")
                    .contains("got rejected: not_json: "),
            d ->
                assertThat(d)
                    .startsWith("2:11: line 2: expected nothing, ")
                    .contains("got the row {\"task_id\":1,"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "filtered: [1]                      | line 1: expected filtered, got rejected: not_json: ",
        "rows: [{line: 1}]                  | line 1: expected a row, got rejected: not_json: ",
        "rows: [{}]                         | line 1: expected a row, got rejected: not_json: ",
        "rows: [{}, {}]                     | expected a row, got no more lines",
        "rejected: [{line: 2}]              | line 2: expected rejected, got no line of that number",
        "rejected: [{line: 1, reason: bad_value}] | line 1: expected rejected: bad_value, got rejected: not_json: ",
        "rejected: [{line: 1, message: hmm}] | line 1: expected rejected: hmm, got rejected: not_json: ",
        "failed: hmm                        | expected failed: hmm, got the object would be loaded",
        "failed: ''                         | expected failed: , got the object would be loaded"
      })
  void aLineThatIsNoJsonIs(String expectation, String difference) throws IOException {
    assertThat(differences("lines: [no json]\n" + expectation + "\n"))
        .anySatisfy(d -> assertThat(d).contains(difference));
  }

  @Test
  void linesAreGivenAsTheyAreOrAsJson() throws IOException {
    // Given lines whose numbers have digits that no double has, and a dataset of JSON lines
    Files.writeString(
        folder.resolve("orders.camel.yaml"),
        """
        - templatedRoute:
            routeTemplateRef: json-lines
            routeId: orders
            prefixId: orders-
            parameters:
              - {name: dataset, value: orders}
              - {name: table, value: shop.orders}
        """);

    // When
    CaseResult result =
        run(
            "orders",
            """
            lines:
              - {id: 12345678901234567890.123456789, of: [1, yes, null, "2"], at: 2020-01-01}
              - ''
              - '{"id": 1.0}'
            rows:
              - json: {id: 12345678901234567890.1234567890, of: [1, "yes", null, "2"], at: "2020-01-01", gone: null}
              - {line: 3, json: {id: 1}}
            """);

    // Then
    assertThat(result.differences()).isEmpty();
  }

  @Test
  void whatLeadsOutOfTheApplicationDoesNothing() throws IOException {
    // Given
    edit(
        """
                      - to: aws2-s3://nobodys-bucket?amazonS3Client=#nobody
                      - to: sql:delete from everything
        """);

    // When
    List<String> differences =
        differences("lines: [%s]\nrows: [{task_id: 1}]\n".formatted(A_VISIT));

    // Then
    assertThat(differences).isEmpty();
  }

  @Test
  void aStepThatFailsIsToldAndHarmsNoOtherCase() throws IOException {
    // Given
    edit(
        """
                      - split:
                          aggregationStrategy: "#rows"
                          expression: {method: {ref: rows, method: each}}
                          steps:
                            - filter:
                                simple: "${body.taskId} == 2"
                                steps:
                                  - throwException: {exceptionType: java.lang.IllegalStateException, message: no task 2 today}
        """);
    String good = "  - {name: good, lines: [%s], rows: [{line: 1}]}\n".formatted(A_VISIT);

    // When
    List<CaseResult> results =
        runAll(
            "visits",
            "cases:\n%s%s%s"
                .formatted(good, good.replace("TASK1", "TASK2").replace("good", "bad"), good));

    // Then
    assertThat(results).extracting(CaseResult::isOk).containsExactly(true, false, true);
    assertThat(results.get(1).differences().get(0).actual())
        .isEqualTo("not loaded: no task 2 today");
  }

  @Test
  void tooManyRejectedLinesFailAnObject() throws IOException {
    // Given
    Path route = folder.resolve("visits.camel.yaml");
    Files.writeString(
        route, Files.readString(route).replace("maxRejected: 100 %", "maxRejected: 50 %"));

    // When
    List<String> differences =
        differences(
            "lines: [a, b, %s]\nfailed: 2 of the 3 lines read are rejected".formatted(A_VISIT));

    // Then
    assertThat(differences).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "case: []                                            | :1:1: a test file has no key 'case'; there are dataset, cases",
        "dataset: nix                                        | :1:1: a test file needs 'cases'",
        "{dataset: nix, cases: []}                           | :1:11: there is no dataset 'nix'; there are [network, visits]",
        "cases: {a: b}                                       | :1:8: cases is a list",
        "cases: [{name: x}]                                  | :1:9: a case needs 'lines'",
        "cases: [{name: x, lines: [], row: []}]              | :1:30: a case has no key 'row'; there are name, lines, rows,",
        "cases: [{name: x, lines: [], rejected: [{}]}]       | :1:41: a rejected line needs 'line', its number",
        "cases: [{name: x, lines: [], rejected: [{line: 1, reason: bad}]}] | :1:59: 'bad' is no reason; there are not_utf8,",
        "cases: [{name: x, lines: [], filtered: [0]}]        | :1:41: this is the number of a line, from 1",
        "cases: [{name: x, lines: [], filtered: [1, 1]}]     | :1:44: the case has said before what becomes of line 1",
        "cases: [{name: x, name: y, lines: []}]              | :1:19: the key 'name' stands there twice",
        "cases: [{name: x, lines: [&a [*a]]}]                | nested deeper than 100",
        "cases: [                                            | this is no YAML: ",
        "`` | :1:1: the file is empty"
      })
  void aFileThatIsWrongIsSaidWithThePlace(String yaml, String message) {
    assertThatThrownBy(() -> runAll("visits", yaml))
        .isInstanceOf(SetupException.class)
        .hasMessageStartingWith(folder.resolve("visits.test.yaml") + ":")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "- route: {from: {uri: 'direct:a', stepps: []}}              | mine.camel.yaml:1:43: Unsupported field: stepps",
        "- route: {id: mine, from: {uri: 'direct:a', steps: [{to: 'nix:a'}]}} | route mine: No endpoint could be found for: nix",
        "- beans: [{name: a, type: a.b.C}]                           | there is no class a.b.C"
      })
  void aRouteThatIsWrongIsSaid(String yaml, String message) throws IOException {
    Files.writeString(folder.resolve("mine.camel.yaml"), yaml);

    assertThatThrownBy(() -> runAll("visits", "cases: []"))
        .isInstanceOf(SetupException.class)
        .hasMessageStartingWith("the routes in %s do not start: ", folder)
        .hasMessageContaining(message);
  }

  /** Adds steps behind visits-json. */
  private void edit(String steps) throws IOException {
    Path route = folder.resolve("visits.camel.yaml");
    String behindJson = "              - aggregate:";
    String yaml = Files.readString(route);
    assertThat(yaml).contains(behindJson);
    Files.writeString(route, yaml.replace(behindJson, steps + behindJson));
  }

  /** Of a case of the visits: where each is in the file, and what it says. */
  private List<String> differences(String keys) throws IOException {
    return run("visits", keys).differences().stream()
        .map(d -> "%d:%d: %s".formatted(d.place().line(), d.place().column(), d))
        .toList();
  }

  private CaseResult run(String dataset, String keys) throws IOException {
    List<CaseResult> results = runAll(dataset, "cases:\n  - name: a case\n" + keys.indent(4));
    assertThat(results).hasSize(1);
    return results.get(0);
  }

  private List<CaseResult> runAll(String dataset, String yaml) throws IOException {
    String name = dataset + RouteTests.ENDING;
    Files.writeString(folder.resolve(name), yaml);
    return RouteTests.run(Settings.load(), EditableFolder.at(folder), List.of(name));
  }
}
