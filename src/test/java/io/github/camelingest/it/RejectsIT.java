package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelingest.local.SampleData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command rejects, on two objects with seven broken lines. */
class RejectsIT {

  private static final byte[] NO_UTF8 = "Z\u00fcrich".getBytes(StandardCharsets.ISO_8859_1);
  private static final String LONG = "x".repeat(9_000);

  /** As it is shown: with a mark that turns the direction of writing. */
  private static final String KEY_OF_B = "visits/\\u202eb.jsonl";

  private static final Space SPACE = Space.create();

  @BeforeAll
  static void load() throws IOException {
    SampleData data = new SampleData(1);
    ByteArrayOutputStream a = new ByteArrayOutputStream();
    a.writeBytes(utf8(data.visits(2)));
    a.writeBytes(utf8("{\"task_id\": \"\\u001b[2JTASK1\"}\n"));
    a.writeBytes(NO_UTF8);
    a.writeBytes(utf8("\n" + LONG + "\none\ntwo\nthree\n"));
    SPACE.put("visits/a.jsonl", a.toByteArray());
    SPACE.put("visits/b.jsonl", data.visits(3) + "four\n");
    Jar.run(SPACE.environment(), "load", "visits").succeeded();
    SPACE
        .sql()
        .sql(
            """
            update ingest.object set key = 'visits/' || chr(8238) || 'b.jsonl'
            where key = 'visits/b.jsonl'
            """)
        .update();
    SPACE
        .sql()
        .sql("update ingest.rejected_line set at = at + interval '1 day' where line = 4")
        .update();
  }

  @Test
  void theTableCountsAndShowsThreeExamplesOfEach() {
    String table = Jar.run(SPACE.environment(), "rejects").succeeded().out();

    assertThat(table)
        .containsPattern("(?m)^visits +not_json +5 +2  20..-..-..T..:..:..Z$")
        .containsPattern("(?m)^visits +bad_value +1 +1  20")
        .contains(
            location(KEY_OF_B) + " line 4",
            location("visits/a.jsonl") + " line 5",
            location("visits/a.jsonl") + " line 6",
            location("visits/a.jsonl") + " line 3",
            "'\u241b[2JTASK1'",
            "camel-ingest rejects --export FILE.jsonl",
            "camel-ingest replay --rejected")
        .doesNotContain("line 7", "\u001b", "\u202e");
    assertThat(table.indexOf("not_json")).isLessThan(table.indexOf("bad_value"));
    assertThat(table.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(110));
  }

  @Test
  void jsonHasTheSameGroups() throws IOException {
    JsonNode groups =
        new ObjectMapper()
            .readTree(Jar.run(SPACE.environment(), "rejects", "--json").succeeded().out());

    assertThat(groups).hasSize(3);
    JsonNode group = groups.get(0);
    assertThat(group.get("reason").asText()).isEqualTo("not_json");
    assertThat(group.get("lines").asInt()).isEqualTo(5);
    assertThat(group.get("objects").asInt()).isEqualTo(2);
    assertThat(group.get("examples")).hasSize(3);
    assertThat(groups.get(1).get("examples").get(0).get("message").asText())
        .contains("\u241b[2JTASK1");
  }

  @Test
  void theExportHasEveryLine(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("rejected.jsonl");

    Jar.Result result =
        Jar.run(SPACE.environment(), "rejects", "--export", file.toString()).succeeded();

    assertThat(result.out()).isEqualTo("7 rejected lines written to %s%n".formatted(file));
    List<JsonNode> lines = lines(Files.readString(file));
    assertThat(lines).hasSize(7);
    assertThat(lines)
        .filteredOn(line -> line.get("object").asText().endsWith("/a.jsonl"))
        .extracting(line -> line.get("line").asInt())
        .containsExactly(3, 4, 5, 6, 7, 8);
    assertThat(lines)
        .filteredOn(line -> line.has("raw_base64"))
        .singleElement()
        .satisfies(line -> assertThat(line.get("raw_base64").binaryValue()).isEqualTo(NO_UTF8));
    assertThat(lines)
        .filteredOn(line -> line.has("cut"))
        .singleElement()
        .satisfies(line -> assertThat(line.get("raw").asText()).isEqualTo(LONG.substring(0, 8192)));
  }

  @Test
  void filtersCombine() throws IOException {
    Jar.Result result =
        Jar.run(
                SPACE.environment(),
                "rejects",
                "--dataset=visits",
                "--reason=not_json",
                "--object=" + location(KEY_OF_B),
                "--export=-")
            .succeeded();

    assertThat(lines(result.out()))
        .singleElement()
        .satisfies(line -> assertThat(line.get("raw").asText()).isEqualTo("four"));
  }

  @Test
  void whereThereIsNoneItSaysSo() {
    assertThat(Jar.run(SPACE.environment(), "rejects", "--dataset", "network").succeeded().out())
        .startsWith("no rejected lines");
  }

  @Test
  void aFileThatCannotBeWrittenIsSaidInOneLine(@TempDir Path folder) {
    String file = folder.resolve("none/rejected.jsonl").toString();

    Jar.Result result = Jar.run(SPACE.environment(), "rejects", "--export", file);

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err().strip())
        .isEqualTo("camel-ingest: %s cannot be written: there is no such folder".formatted(file));
  }

  private static String location(String key) {
    return "s3://%s/%s".formatted(SPACE.bucket(), key);
  }

  private static List<JsonNode> lines(String jsonLines) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : jsonLines.lines().toList()) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
