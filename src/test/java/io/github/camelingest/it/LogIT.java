package io.github.camelingest.it;

import static io.github.camelingest.it.Jar.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelingest.local.SampleData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the log has, and what it must not have. */
class LogIT {

  private static final Pattern ROWS = Pattern.compile(": (\\d+) rows, ");

  private final Space space = Space.create();

  @Test
  void asJsonEachLineSaysWhichObjectItIsAbout() throws IOException {
    // Given an object that is loaded, and one that cannot be
    space.put("visits/a.jsonl", new SampleData(1).visits(70) + "rubbish\n");
    space.put("visits/b.jsonl.gz", SampleData.gzip(new SampleData(2).visits(10)));
    byte[] cut = SampleData.gzip(new SampleData(3).visits(100));
    cut[cut.length / 2] ^= 1;
    space.put("visits/c.jsonl.gz", cut);

    // When
    Jar.Result result =
        Jar.run(with(space.environment(), "INGEST_LOG_FORMAT", "json"), "load", "visits");

    // Then
    List<JsonNode> lines = new ArrayList<>();
    for (String line : result.err().split("\\R")) {
      lines.add(new ObjectMapper().readTree(line));
    }
    assertThat(lines)
        .extracting(
            line -> line.at("/level").asText(),
            line -> line.at("/mdc/dataset").asText(),
            line -> line.at("/mdc/object").asText())
        .contains(
            tuple("INFO", "visits", location("visits/a.jsonl")),
            tuple("INFO", "visits", location("visits/b.jsonl.gz")),
            tuple("ERROR", "visits", location("visits/c.jsonl.gz")));
    assertThat(lines)
        .filteredOn(line -> line.at("/mdc/object").asText().endsWith("a.jsonl"))
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.get("formattedMessage").asText())
                  .contains("visits/a.jsonl: 70 rows, 1 rejected of 71 lines in ", " rows/s, ");
              assertThat(line.get("kvpList").toString())
                  .contains("\"rows\"", "\"rejected\"", "\"seconds\"", "\"bytes\"");
            });
    assertThat(result.err()).doesNotContain("\\tat ", "stepArray");
  }

  @Test
  void theLevelLeavesOutWhatIsLess() {
    space.put("visits/a.jsonl", new SampleData(1).visits(1));

    Jar.Result warn =
        Jar.run(with(space.environment(), "INGEST_LOG_LEVEL", "warn"), "load", "visits");
    Jar.Result loud =
        Jar.run(with(space.environment(), "INGEST_LOG_LEVEL", "loud"), "load", "visits");

    assertThat(warn.succeeded().err()).isEmpty();
    assertThat(loud.exitCode()).isEqualTo(2);
    assertThat(loud.err().strip().lines())
        .singleElement()
        .asString()
        .contains("ingest.log-level is 'loud', which is not error or warn or info or debug");
  }

  @Test
  void manySmallObjectsAreSummedUp() {
    for (int n = 0; n < 60; n++) {
      space.put("visits/%d.jsonl".formatted(n), new SampleData(n).visits(3));
    }

    Jar.Result result = Jar.run(space.environment(), "load", "visits").succeeded();

    List<String> told = result.err().lines().filter(line -> line.contains(" rows, ")).toList();
    assertThat(told).hasSizeLessThan(40).anyMatch(line -> line.contains(" more small objects: "));
    assertThat(told.stream().mapToInt(LogIT::rows).sum()).isEqualTo(60 * 3);
  }

  @Test
  void neitherSecretsNorRowsAreLogged() {
    // Given
    space.put("visits/a.jsonl", new SampleData(1).visits(10) + "{\"task_id\": \"secret-row\"}\n");
    String url = space.environment().get("INGEST_DB_URL") + "?password=hunter2";
    Map<String, String> environment = with(space.environment(), "INGEST_DB_PASSWORD", "hunter3");

    // When
    Jar.Result denied = Jar.run(with(environment, "INGEST_DB_URL", url), "load", "visits");
    Jar.Result loaded = Jar.run(space.environment(), "load", "visits").succeeded();
    space.put("visits/b.jsonl", new SampleData(2).visits(10));
    Jar.Result verbose = Jar.run(space.environment(), "load", "visits", "--verbose").succeeded();

    // Then
    assertThat(denied.err()).contains("wrong user or password").doesNotContain("hunter");
    assertThat(loaded.err()).doesNotContain("secret-row");
    assertThat(verbose.err())
        .contains("DEBUG")
        .doesNotContain(
            space.environment().get("INGEST_DB_PASSWORD"),
            space.environment().get("AWS_SECRET_ACCESS_KEY"));
  }

  private static int rows(String line) {
    Matcher rows = ROWS.matcher(line);
    assertThat(rows.find()).as(line).isTrue();
    return Integer.parseInt(rows.group(1));
  }

  private String location(String key) {
    return "s3://" + space.bucket() + "/" + key;
  }
}
