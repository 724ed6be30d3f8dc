package io.github.camelingest.fieldservice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.github.camelingest.batch.EncodedRow;
import io.github.camelingest.ledger.RejectedLine;
import io.github.camelingest.load.JsonLines;
import io.github.camelingest.load.Reason;
import io.github.camelingest.load.Rejections;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whatever a line of visits has, it becomes a row that can be sent to PostgreSQL or a rejected line
 * that a person can read.
 */
class VisitFuzzTest {

  private static final int LONGEST_MESSAGE = 501;

  /** What only programmers know. */
  private static final List<String> JAVA_NAMES =
      List.of(
          "java.",
          "com.fasterxml",
          "camelingest",
          "Exception",
          "JsonToken",
          "StreamReadConstraints",
          "DeserializationFeature",
          "JsonReadFeature",
          "LocalDateTime",
          "[Source");

  private static final List<String> REASONS = Stream.of(Reason.values()).map(Reason::code).toList();

  private static final ObjectMapper JSON = JsonLines.mapper();
  private static final ObjectReader EXACT =
      JSON.reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  private static final Comparator<JsonNode> NUMBERS_BY_VALUE =
      (a, b) ->
          a.isNumber() && b.isNumber()
              ? a.decimalValue().compareTo(b.decimalValue())
              : a.equals(b) ? 0 : 1;

  @FuzzTest
  void readsOrRejects(byte[] bytes) throws IOException {
    Visit visit;
    Visit usual = VisitScanner.scan(bytes, 0, bytes.length);
    try {
      visit = JSON.readValue(bytes, Visit.class);
    } catch (JacksonException e) {
      assertThat(usual).as("read by one, rejected by the other").isNull();
      assertThatAPersonCanRead(rejected(bytes, e), new String(bytes, UTF_8));
      return;
    }
    if (usual != null) {
      assertThat(usual).usingRecursiveComparison().isEqualTo(visit);
    }
    assertThat(visit).isNotNull();
    assertThat(EncodedRow.bytes(visit)).isPositive();
    if (visit.rest() != null) {
      byte[] sent = visit.rest().toString().getBytes(UTF_8);
      assertThat(visit.rest().equals(NUMBERS_BY_VALUE, EXACT.readTree(sent)))
          .as("kept fields")
          .isTrue();
    }
  }

  private static RejectedLine rejected(byte[] bytes, JacksonException cause) {
    return Rejections.rejected(7, bytes, cause);
  }

  private static void assertThatAPersonCanRead(RejectedLine rejected, String line) {
    assertThat(rejected.line()).isEqualTo(7);
    assertThat(rejected.reason()).isIn(REASONS);
    assertThat(rejected.message())
        .isNotBlank()
        .hasSizeLessThanOrEqualTo(LONGEST_MESSAGE)
        .doesNotContain("\0");
    // A message quotes the line, so what the line has or may have escaped is no name of ours.
    if (line.indexOf('\\') < 0) {
      for (String name : JAVA_NAMES) {
        assertThat(rejected.message().contains(name) && !line.contains(name))
            .as("'%s' in: %s", name, rejected.message())
            .isFalse();
      }
    }
  }
}
