package io.github.camelingest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelingest.ledger.KeptLine;
import io.github.camelingest.ledger.RejectedGroup;
import io.github.camelingest.ledger.RejectedLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RejectsJsonTest {

  private static final Instant AT = Instant.parse("2026-07-30T12:00:01.234567Z");

  @Test
  void aLineIsAnObjectOnALineOfItsOwn() throws IOException {
    assertThat(
            written(line("broken".getBytes(StandardCharsets.UTF_8), null), line(new byte[0], null)))
        .isEqualTo(
            """
            {"dataset":"visits","object":"s3://bucket/a","line":7,"reason":"not_json","message":"no","at":"2026-07-30T12:00:01.234567Z","raw":"broken"}
            {"dataset":"visits","object":"s3://bucket/a","line":7,"reason":"not_json","message":"no","at":"2026-07-30T12:00:01.234567Z","raw":""}
            """);
  }

  @Test
  void noLinesAreNoBytes() throws IOException {
    assertThat(written()).isEmpty();
  }

  @Test
  void noGroupsAreAnEmptyArray() throws IOException {
    assertThat(written(List.of())).isEqualTo("[]\n");
  }

  @Test
  void theSqlStateIsThereWhereThereIsOne() throws IOException {
    assertThat(json(line(new byte[0], "23514")).get("sqlstate").asText()).isEqualTo("23514");
  }

  @Test
  void textSurvives() throws IOException {
    String text = "Zürich 日本 \uD83D\uDE00 \0 \u001b[2J \u202e \" \\";

    assertThat(json(line(text.getBytes(StandardCharsets.UTF_8), null)).get("raw").asText())
        .isEqualTo(text);
  }

  @Test
  void bytesThatAreNoTextSurviveAsBase64() throws IOException {
    byte[] latin1 = "Zürich".getBytes(StandardCharsets.ISO_8859_1);

    JsonNode json = json(line(latin1, null));

    assertThat(json.get("raw_base64").binaryValue()).isEqualTo(latin1);
    assertThat(json.has("raw")).isFalse();
    assertThat(json.has("cut")).isFalse();
  }

  @Test
  void aCharacterThatIsNotCompleteIsNoText() throws IOException {
    assertThat(json(line(new byte[] {'a', (byte) 0xc3}, null)).has("raw_base64")).isTrue();
  }

  @Test
  void aCutLineSaysSoAndEndsWithAWholeCharacter() throws IOException {
    byte[] first = ("a" + "ü".repeat(RejectedLine.MOST_RAW_BYTES)).getBytes(StandardCharsets.UTF_8);
    byte[] raw = Arrays.copyOf(first, RejectedLine.MOST_RAW_BYTES);

    JsonNode json = json(line(raw, null));

    assertThat(json.get("cut").asBoolean()).isTrue();
    assertThat(json.get("raw").asText())
        .isEqualTo("a" + "ü".repeat(RejectedLine.MOST_RAW_BYTES / 2 - 1));
  }

  @Test
  void nothingInItControlsTheTerminal() throws IOException {
    String harm = "\u001b[2J\u009b2J\u007f\u202e\u2028\n";

    assertThat(written(line(harm.getBytes(StandardCharsets.UTF_8), null)).strip())
        .matches("[ -~]+")
        .contains("\\u009b2J\\u007F\\u202e");
    assertThat(
            written(
                    List.of(
                        new RejectedGroup(
                            "d",
                            "r",
                            1,
                            1,
                            AT,
                            List.of(new RejectedGroup.Example("s3://b/" + harm, 1, harm)))))
                .strip())
        .matches("[ -~]+");
  }

  private static KeptLine line(byte[] raw, String sqlState) {
    return new KeptLine(
        "visits", "s3://bucket/a", new RejectedLine(7, "not_json", "no", sqlState, raw), AT);
  }

  private static JsonNode json(KeptLine line) throws IOException {
    return new ObjectMapper().readTree(written(line));
  }

  private static String written(KeptLine... lines) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (RejectsJson json = new RejectsJson(out)) {
      for (KeptLine line : lines) {
        json.write(line);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String written(List<RejectedGroup> groups) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (RejectsJson json = new RejectsJson(out)) {
      json.write(groups);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
