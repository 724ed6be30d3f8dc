package io.github.camelingest.fieldservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VisitTest {

  private static final String LINE =
      """
      {"task_id": "TASK7", "node_id": "NODE94", "visit_id": 2, "visit_date:": "2020-02-26 13:30:05",\
       "original_reported_date": "2020-02-17", "node_age": 9, "node_type": "TYPE3", "task_type": "TASK5",\
       "engineer_skill_level": "LEVEL1", "engineer_note": "334 156  8 19", "outcome": "FAIL"}\
      """;

  private final ObjectMapper json =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  @Test
  void readsALineAsItReallyIs() throws IOException {
    Visit visit = read(LINE);

    assertThat(visit.taskId()).isEqualTo(7);
    assertThat(visit.visitNo()).isEqualTo(2);
    assertThat(visit.nodeId()).isEqualTo(94);
    assertThat(visit.visitDate()).isEqualTo(LocalDateTime.of(2020, 2, 26, 13, 30, 5));
    assertThat(visit.originalReportedDate()).isEqualTo(LocalDateTime.of(2020, 2, 17, 0, 0));
    assertThat(visit.nodeAge()).isEqualTo(9);
    assertThat(visit.nodeType()).isEqualTo(3);
    assertThat(visit.taskType()).isEqualTo(5);
    assertThat(visit.engineerSkillLevel()).isEqualTo(1);
    assertThat(visit.outcome()).isEqualTo("FAIL");
    assertThat(visit.noteTokens()).containsExactly(334, 156, 8, 19);
    assertThat(visit.rest()).isNull();
  }

  @Test
  void acceptsTheCleanKeyOfTheDate() throws IOException {
    assertThat(read(LINE.replace("visit_date:", "visit_date")).visitDate()).hasDayOfMonth(26);
  }

  @Test
  void keepsUnknownFields() throws IOException {
    Visit visit =
        read(
            LINE.replace("{", "{\"weather\": {\"sky\": [\"grey\"]}, ")
                .replace("}", ", \"remark\": \"wet\"}")
                .replace("[\"grey\"], \"remark\": \"wet\"}", "[\"grey\"]}"));

    assertThat(visit.rest().toString())
        .isEqualTo("{\"weather\":{\"sky\":[\"grey\"]},\"remark\":\"wet\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\\u0000\"", "[1, {\"a\": \"b\\u0000\"}]", "{\"\\u0000\": 1}"})
  void refusesUnknownFieldsThatPostgresCannotHold(String value) {
    assertThatThrownBy(() -> read(LINE.replace("{", "{\"extra\": " + value + ", ")))
        .hasMessageContaining("U+0000");
  }

  @Test
  void anEmptyNoteHasNoWords() throws IOException {
    assertThat(read(LINE.replace("334 156  8 19", " ")).noteTokens()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"NODE94\" | \"NODEx\" | node_id | expected NODE and a number, got 'NODEx'",
        "\"NODE94\" | \"NODE\" | node_id | expected NODE and a number, got 'NODE'",
        "\"NODE94\" | \"94\" | node_id | expected NODE and a number, got '94'",
        "\"NODE94\" | \"NODE9999999999\" | node_id | expected NODE and a number, got 'NODE9999999999'",
        "\"NODE94\" | 94 | node_id | expected text, got 94",
        "\"visit_id\": 2 | \"visit_id\": 0 | visit_id | expected a number from 1 to 2147483647, got 0",
        "\"visit_id\": 2 | \"visit_id\": \"2\" | visit_id | expected a whole number, got 2",
        "\"node_age\": 9 | \"node_age\": -1 | node_age | expected a number from 0 to 2147483647, got -1",
        "\"node_age\": 9 | \"node_age\": 1e3 | node_age | expected a whole number, got 1e3",
        "2020-02-26 13:30:05 | 2020-02-30 | visit_date: | expected a date like 2020-02-26 or 2020-02-26 13:30:00, got '2020-02-30'",
        "\"FAIL\" | \"fail\" | outcome | expected SUCCESS or FAIL, got 'fail'",
        "\"FAIL\" | [1] | outcome | expected text, got an object or array",
        "156 | eight | engineer_note | expected a number, got 'eight'"
      })
  void aWrongFieldIsNamedAndExplained(String right, String wrong, String field, String message) {
    assertThatThrownBy(() -> read(LINE.replace(right, wrong)))
        .isInstanceOfSatisfying(
            JsonMappingException.class,
            e -> {
              assertThat(e.getPath())
                  .extracting(JsonMappingException.Reference::getFieldName)
                  .containsExactly(field);
              assertThat(e.getOriginalMessage()).isEqualTo(message);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "outcome",
    "task_id",
    "visit_id",
    "node_age",
    "engineer_note",
    "original_reported_date"
  })
  void aFieldThatIsMissingOrNullIsNamed(String field) {
    String missing = LINE.replace("\"" + field + "\"", "\"other\"");
    String nulled =
        LINE.replaceFirst("\"" + field + "\": (\"[^\"]*\"|\\d+)", "\"" + field + "\": null");

    assertThat(fieldOf(missing)).isEqualTo(field);
    assertThat(fieldOf(nulled)).isEqualTo(field);
  }

  private String fieldOf(String line) {
    try {
      read(line);
      return "none";
    } catch (JsonMappingException e) {
      return e.getPath().get(0).getFieldName();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Visit read(String line) throws IOException {
    return json.readValue(line, Visit.class);
  }
}
