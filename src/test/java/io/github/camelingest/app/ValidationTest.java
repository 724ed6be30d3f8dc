package io.github.camelingest.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.camelingest.routes.Outcome;
import io.github.camelingest.routes.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes in the shipped routes are found where they are; nothing here needs a server. */
class ValidationTest {

  private static final Map<String, String> ENVIRONMENT =
      Map.of("INGEST_BUCKET", "bucket", "INGEST_DB_URL", "jdbc:postgresql://127.0.0.1:1/none");

  @TempDir private Path folder;

  @Test
  void theShippedRoutesAreGood() {
    Outcome outcome = validate(ENVIRONMENT);

    assertThat(outcome.problems()).isEmpty();
    assertThat(outcome.notPrepared())
        .hasValueSatisfying(why -> assertThat(why).contains("refused"));
  }

  @Test
  void soAreThoseOfAQueue() {
    assertThat(
            validate(
                    Map.of(
                        "INGEST_BUCKET",
                        "bucket",
                        "INGEST_QUEUE",
                        "queue",
                        "INGEST_DB_URL",
                        "jdbc:postgresql://127.0.0.1:1/none"))
                .problems())
        .isEmpty();
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        arguments(
            "      steps:",
            "     steps:",
            "33:6: while parsing a block mapping, expected <block end>, but found '<block mapping start>'"),
        arguments("- bean:", "- baen:", "34:11: Unknown node id: baen"),
        arguments("streaming: true", "streamin: true", "42:23: Unsupported field: streamin"),
        arguments("objects:visits", "objcts:visits", "22:12: there is no component 'objcts'"),
        arguments(
            "objects:visits",
            "objects:network",
            "22:20: the dataset 'network' is loaded by the route 'network' already"),
        arguments(
            "overwritten: replace",
            "overwriten: replace",
            "26:9: there is no parameter 'overwriten'"),
        arguments(
            "overwritten: replace",
            "overwritten: replaced",
            "26:22: 'replaced' is no way to treat overwritten objects; there are replace, append, ignore, fail"),
        arguments(
            "source: s3://",
            "role: s3://",
            "22:7: objects:visits has no parameter source, which says where its objects are"),
        arguments("ref: objectOpener", "ref: objectOpenr", "37:18: there is no bean 'objectOpenr'"),
        arguments(
            "method: awaitLoaded",
            "method: awaitLoadd",
            "100:21: the bean has no method 'awaitLoadd'"),
        arguments(
            "ingest.batch-interval",
            "ingest.batch-intervl",
            "64:41: Property with key 'ingest.batch-intervl' not found in properties from text: {{ingest.batch-intervl}}"),
        arguments(
            "#rowBatching",
            "#rowBatchin",
            "60:41: Cannot find AggregationStrategy in Registry with name: '#rowBatchin'"),
        arguments(
            "visits-replace.sql",
            "visits-replac.sql",
            "126:27: there is no SQL at " + Path.of("sql/load/visits-replac.sql").toAbsolutePath()),
        arguments(
            "VisitRows",
            "VisitRos",
            "15:13: there is no class 'io.github.camelingest.fieldservice.VisitRos'"),
        arguments(
            "    id: visits\n",
            "    id: network\n",
            "22:7: a route with the id 'network' is at routes/network.camel.yaml:16 already"),
        arguments(
            "ref: loads\n            method: awaitLoaded",
            "ref: loads\n        - to: direct:nowhere",
            "100:9: no route is from direct:nowhere"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("mistakes")
  void aMistakeInARouteIsFoundWhereItIs(String text, String by, String expected)
      throws IOException {
    // Given
    String yaml = Files.readString(Path.of("routes/visits.camel.yaml"));
    assertThat(yaml).contains(text);
    Path file = Files.writeString(folder.resolve("visits.camel.yaml"), yaml.replace(text, by));

    // When
    Outcome outcome = validate(ENVIRONMENT, file);

    // Then
    assertThat(outcome.problems())
        .singleElement()
        .hasToString("routes/visits.camel.yaml:" + expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "# visits\n#\n", "---\n# visits", "# visits\r\n \r\n"})
  void aFileWithNothingInItIsNoWish(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("visits.camel.yaml"), yaml);

    assertThat(validate(ENVIRONMENT, file).problems())
        .singleElement()
        .hasToString(
            "routes/visits.camel.yaml: there is nothing in the file; delete it if its routes are to stop");
  }

  @ParameterizedTest
  @CsvSource({
    "visits, '1:1: there is no route, which would begin by ''- route:'''",
    "route: {}, '1:1: there is no route, which would begin by ''- route:'''",
    "[], '1:1: there is no route, which would begin by ''- route:'''",
    "- visits, '1:3: this is no route, which would begin by ''- route:'''",
    "- {}, '1:3: this is no route, which would begin by ''- route:'''",
    "- route: visits, '1:3: there is nothing in ''route'''",
    "- route:, '1:3: there is nothing in ''route'''",
    "'- route: {id: visits}', '1:3: the route has no ''from'''"
  })
  void whatIsNoRouteIsToldWhereItStands(String yaml, String expected) throws IOException {
    Path file = Files.writeString(folder.resolve("visits.camel.yaml"), yaml);

    assertThat(validate(ENVIRONMENT, file).problems())
        .singleElement()
        .hasToString("routes/visits.camel.yaml:" + expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"visits.camel.yaml", "network.camel.yaml"})
  void aFileThatIsCutOffWhereverThatIsIsRefused(String name) throws IOException {
    String yaml = Files.readString(Path.of("routes", name));
    Path file = folder.resolve(name);
    int end = yaml.lastIndexOf("finish\n");
    for (int cut = yaml.indexOf("route:"); cut < end; cut += 41) {
      Files.writeString(file, yaml.substring(0, cut));

      assertThat(validate(ENVIRONMENT, file).problems())
          .as("behind %d characters", cut)
          .isNotEmpty()
          .allMatch(problem -> !problem.toString().contains("Cannot invoke"));
    }
  }

  @Test
  void aMistakeInATemplateIsToldThereAndOneInItsUseThere() throws IOException {
    // Given
    String use =
        """
        # a dataset
        - templatedRoute:
            routeTemplateRef: json-lines
            routeId: visits
            parameters:
              - name: dataset
                value: visits
              - name: table
                value: shop.visits
        """;
    Path route = folder.resolve("visits.camel.yaml");

    // When
    Files.writeString(route, use.replace("- name: table", "- name: tabel"));
    Outcome noParameter = validate(ENVIRONMENT, route);
    Files.writeString(route, use.replace("Ref: json-lines", "Ref: json-line"));
    Outcome noTemplate = validate(ENVIRONMENT, route);
    Files.writeString(route, use);
    String template = Files.readString(Path.of("routes/json-lines.camel.yaml"));
    Outcome inTemplate =
        validate(
            ENVIRONMENT,
            route,
            Files.writeString(
                folder.resolve("json-lines.camel.yaml"),
                template.replace("ref: heldBackWriter", "ref: heldWriter")));

    // Then
    assertThat(noParameter.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "routes/visits.camel.yaml:2:1: Route template json-lines the following mandatory parameters must be provided: table");
    assertThat(noTemplate.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "routes/visits.camel.yaml:3:23: Cannot find RouteTemplate with id 'json-line'");
    assertThat(inTemplate.problems())
        .extracting(Problem::toString)
        .containsExactly("routes/json-lines.camel.yaml:151:32: there is no bean 'heldWriter'");
  }

  private static Outcome validate(Map<String, String> environment, Path... files) {
    return new Validation(Settings.of(new Properties(), "", environment)).of(List.of(files));
  }
}
