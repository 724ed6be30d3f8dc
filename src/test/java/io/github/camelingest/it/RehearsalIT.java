package io.github.camelingest.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdOutputStream;
import io.github.camelingest.local.SampleData;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rehearsals of routes and of data, as the page docs/route-tests.md says; without any server. */
class RehearsalIT {

  private static final Map<String, String> NO_SERVERS =
      Map.of("INGEST_DB_URL", "jdbc:postgresql://127.0.0.1:1/none");

  private static final String PAGE = "docs/route-tests.md";

  @TempDir private Path folder;
  private Routes routes;

  @BeforeEach
  void copyRoutes() throws IOException {
    routes = Routes.copy(folder);
  }

  @Test
  void anEditIsTestedAsThePageSays() throws IOException {
    // Given
    String[] test = command(0);

    // When nothing is edited
    Jar.Result shipped = run(test).succeeded();

    // Then
    assertThat(shipped.out()).isEqualTo(block(PAGE, "", 0));
    assertThat(shipped.err()).isEmpty();

    // When the route is edited as the README says
    String behindJson = "              - aggregate:";
    routes.replace("visits", behindJson, block("README.md", "yaml", 0) + behindJson);
    Jar.Result edited = run(test);

    // Then
    assertThat(edited.exitCode()).isEqualTo(1);
    assertThat(edited.out()).contains(block(PAGE, "", 1)).endsWith("6 cases, 1 differ\n");

    // When the case is replaced by that of the page
    Path file = folder.resolve("routes/visits.test.yaml");
    Files.writeString(
        file,
        Pattern.compile("(?ms)^  - name: a successful visit.*?(?=^  - name)")
            .matcher(Files.readString(file))
            .replaceFirst(Matcher.quoteReplacement(block(PAGE, "yaml", 0) + "\n")));
    Jar.Result mended = run(test);

    // Then
    assertThat(mended.succeeded().out())
        .contains("ok      ", ": only failed visits are rows\n")
        .endsWith("6 cases, 0 differ\n");

    // When lines are validated
    String[] visits = new SampleData(1).visits(100).split("\n");
    Files.writeString(
        folder.resolve("visits.jsonl"),
        String.join(
            "\n", first(visits, "FAIL"), "{\"task_id\": \"TASK8\"", first(visits, "SUCCESS")));
    Jar.Result validated = run(command(1));

    // Then
    assertThat(validated.exitCode()).isEqualTo(1);
    assertThat(validated.out()).isEqualTo(block(PAGE, "", 2));
    assertThat(validated.err()).isEmpty();
  }

  private static String first(String[] visits, String outcome) {
    return List.of(visits).stream().filter(v -> v.contains(outcome)).findFirst().orElseThrow();
  }

  @Test
  void aNewDatasetIsTestedAsItsPageSays() throws IOException {
    // Given
    String page = "docs/new-dataset.md";
    routes.add("orders", block(page, "yaml", 0));
    Files.writeString(folder.resolve("routes/orders.test.yaml"), block(page, "yaml", 2));

    // When
    Jar.Result tested = run("test", "routes/orders.test.yaml", "--json").succeeded();

    // Then
    JsonNode json = new ObjectMapper().readTree(tested.out());
    assertThat(json.get("ok").asBoolean()).isTrue();
    assertThat(json.get("cases")).hasSize(1);
    assertThat(json.at("/cases/0/dataset").asText()).isEqualTo("orders");
  }

  @Test
  void thoseInTheJarServeWhereNoneAreOutside(@TempDir Path elsewhere) {
    assertThat(Jar.run(elsewhere, NO_SERVERS, "test").succeeded().out())
        .contains("routes/visits.test.yaml:3: ")
        .endsWith("6 cases, 0 differ\n");
  }

  @Test
  void filesLargerThanTheHeapAreValidatedAndThoseThatAreCutOff() throws IOException {
    // Given
    byte[] visits = new SampleData(1).visits(20_000).getBytes(UTF_8);
    int times = 15;
    Path large = folder.resolve("visits.jsonl.zst");
    try (OutputStream out = new ZstdOutputStream(Files.newOutputStream(large))) {
      for (int i = 0; i < times; i++) {
        out.write(visits);
        out.write("no json\n".repeat(10).getBytes(UTF_8));
      }
    }
    assertThat((long) visits.length * times).isGreaterThan(96L << 20);
    Files.write(folder.resolve("a.gz"), new byte[] {0x1f, (byte) 0x8b, 8, 0});

    // When
    Jar.Result result = run("validate", "visits.jsonl.zst", "a.gz", "--dataset", "visits");

    // Then
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(result.out().lines())
        .hasSize(100 + 3)
        .startsWith("visits.jsonl.zst:20001: not_json: not JSON at column 1: unexpected word 'no'")
        .endsWith(
            "visits.jsonl.zst: 50 more lines are rejected; --all shows them",
            "visits.jsonl.zst: 300,150 lines: 300,000 rows, 150 rejected, 0 filtered, 0 blank",
            "a.gz: would not be loaded: the gzip data end too early");
    assertThat(result.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "validate none.jsonl --dataset visits | none.jsonl: there is no such file",
        "validate routes --dataset visits     | routes is a folder",
        "validate routes/visits.test.yaml --dataset nix | there is no dataset 'nix' in routes; there are [network, visits]",
        "test routes/visits.camel.yaml        | routes/visits.camel.yaml is no test file",
        "test ../..                           | there are no tests in ../.."
      })
  void whatIsWrongIsSaidInOneLine(String arguments, String message) {
    // When
    Jar.Result result = run(arguments.strip().split(" "));

    // Then
    assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
    assertThat(result.err().strip().lines()).hasSize(1);
    assertThat(result.err()).startsWith("camel-ingest: " + message);
    assertThat(result.out()).isEmpty();
  }

  private Jar.Result run(String... arguments) {
    return Jar.run(folder, NO_SERVERS, arguments);
  }

  /** Arguments of the n-th command on the page. */
  private static String[] command(int n) throws IOException {
    String command = block(PAGE, "sh", n).strip();
    assertThat(command).startsWith("java -jar camel-ingest.jar ");
    return command.substring("java -jar camel-ingest.jar ".length()).split(" ");
  }

  private static String block(String page, String language, int n) throws IOException {
    List<MatchResult> blocks =
        Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$")
            .matcher(Files.readString(Path.of(page)))
            .results()
            .filter(block -> block.group(1).equals(language))
            .toList();
    assertThat(blocks).as("%s blocks of %s", language, page).hasSizeGreaterThan(n);
    return blocks.get(n).group(2);
  }
}
