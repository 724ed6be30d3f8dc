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

  @Test
  void aFieldInAnotherCaseIsUnknownAndNullIsAValueOfIt() throws IOException {
    Visit visit = read(LINE.replace("{", "{\"Node_Age\": 10, \"TASK_ID\": null, "));

    assertThat(visit.nodeAge()).isEqualTo(9);
    assertThat(visit.rest().toString()).isEqualTo("{\"Node_Age\":10,\"TASK_ID\":null}");
  }

  @Test
  void bothKeysOfTheDateMayStandThereIfTheySayTheSame() throws IOException {
    String same = LINE.replace("{", "{\"visit_date\": \"2020-02-26T14:30:05+01:00\", ");

    assertThat(read(same).visitDate()).isEqualTo(LocalDateTime.of(2020, 2, 26, 13, 30, 5));
    assertThatThrownBy(() -> read(same.replace("14:30", "14:31")))
        .isInstanceOfSatisfying(
            JsonMappingException.class,
            e ->
                assertThat(e.getOriginalMessage())
                    .isEqualTo("visit_date: not the same as 'visit_date:'; keep one of them"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"NODE0", "NODE00", "NODE0000000000000000"})
  void leadingZerosMeanNothing(String zero) throws IOException {
    assertThat(read(LINE.replace("NODE94", zero)).nodeId()).isZero();
    assertThat(read(LINE.replace("NODE94", zero + 2147483647)).nodeId())
        .isEqualTo(Integer.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"8 0 2147483647", "\\t8\\u00a00\\n\\r\\u30002147483647 ", "08 00 02147483647"})
  void wordsOfANoteStandBetweenBlanksOfAnyKind(String note) throws IOException {
    assertThat(read(LINE.replace("334 156  8 19", note)).noteTokens())
        .containsExactly(8, 0, 2147483647);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\\t\\u2003 "})
  void aBlankNoteHasNoWords(String note) throws IOException {
    assertThat(read(LINE.replace("334 156  8 19", note)).noteTokens()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"NODE94\" | \"NODEx\" | node_id: expected NODE and a number up to 2147483647, got 'NODEx'",
        "\"NODE94\" | \"NODE\" | node_id: expected NODE and a number up to 2147483647, got 'NODE'",
        "\"NODE94\" | \"94\" | node_id: expected NODE and a number up to 2147483647, got '94'",
        "\"NODE94\" | \"node94\" | node_id: expected NODE and a number up to 2147483647, got 'node94'",
        "\"NODE94\" | \"NODE-1\" | node_id: expected NODE and a number up to 2147483647, got 'NODE-1'",
        "\"NODE94\" | \"NODE 94\" | node_id: expected NODE and a number up to 2147483647, got 'NODE 94'",
        "\"NODE94\" | \"NODE94 \" | node_id: expected NODE and a number up to 2147483647, got 'NODE94 '",
        "\"NODE94\" | \"NODE٣\" | node_id: expected NODE and a number up to 2147483647, got 'NODE٣'",
        "\"NODE94\" | \"NODE2147483648\" | node_id: expected NODE and a number up to 2147483647, got 'NODE2147483648'",
        "\"NODE94\" | \"NODE99999999999999999999\" | node_id: expected NODE and a number up to 2147483647, got 'NODE99999999999999999999'",
        "\"NODE94\" | 94 | node_id: expected text, got 94",
        "\"NODE94\" | null | node_id: null",
        "\"TYPE3\" | \"TASK3\" | node_type: expected TYPE and a number up to 2147483647, got 'TASK3'",
        "\"TASK5\" | \"TYPE5\" | task_type: expected TASK and a number up to 2147483647, got 'TYPE5'",
        "\"LEVEL1\" | \"Level1\" | engineer_skill_level: expected LEVEL and a number up to 2147483647, got 'Level1'",
        "\"visit_id\": 2 | \"visit_id\": 0 | visit_id: expected a number from 1 to 2147483647, got 0",
        "\"visit_id\": 2 | \"visit_id\": \"2\" | visit_id: expected a whole number, got \"2\"",
        "\"node_age\": 9 | \"node_age\": -1 | node_age: expected a number from 0 to 2147483647, got -1",
        "\"node_age\": 9 | \"node_age\": 2147483648 | node_age: expected a number from 0 to 2147483647, got 2147483648",
        "\"node_age\": 9 | \"node_age\": 9.0 | node_age: expected a whole number, got 9.0",
        "\"node_age\": 9 | \"node_age\": 1e3 | node_age: expected a whole number, got 1e3",
        "\"node_age\": 9 | \"node_age\": true | node_age: expected a whole number, got true",
        "2020-02-26 13:30:05 | 2020-02-30 | visit_date:: expected a date like 2020-02-26 or 2020-02-26 13:30:00, got '2020-02-30'",
        "\"2020-02-17\" | 20200217 | original_reported_date: expected text, got 20200217",
        "\"FAIL\" | \"fail\" | outcome: expected SUCCESS or FAIL, got 'fail'",
        "\"FAIL\" | [1] | outcome: expected text, got an array",
        "\"FAIL\" | {} | outcome: expected text, got an object",
        "156 | eight | engineer_note: expected a number up to 2147483647, got 'eight'",
        "156 | -1 | engineer_note: expected a number up to 2147483647, got '-1'",
        "156 | 2147483648 | engineer_note: expected a number up to 2147483647, got '2147483648'",
        "\"334 156  8 19\" | [334] | engineer_note: expected text, got an array"
      })
  void aWrongFieldIsNamedAndExplained(String right, String wrong, String message) {
    assertThatThrownBy(() -> read(LINE.replace(right, wrong)))
        .isInstanceOfSatisfying(
            JsonMappingException.class, e -> assertThat(e.getOriginalMessage()).isEqualTo(message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "task_id",
        "node_id",
        "visit_id",
        "original_reported_date",
        "node_age",
        "node_type",
        "task_type",
        "engineer_skill_level",
        "engineer_note",
        "outcome"
      })
  void aFieldThatIsMissingOrNullIsNamed(String field) {
    String missing = LINE.replace("\"" + field + "\"", "\"other\"");
    String nulled =
        LINE.replaceFirst("\"" + field + "\": (\"[^\"]*\"|\\d+)", "\"" + field + "\": null");

    assertThatThrownBy(() -> read(missing)).hasMessageContaining(field + ": missing");
    assertThatThrownBy(() -> read(nulled)).hasMessageContaining(field + ": null");
  }

  @Test
  void theDateMayNotBeMissingEither() {
    assertThatThrownBy(() -> read(LINE.replace("visit_date:", "date")))
        .hasMessageContaining("visit_date: missing");
    assertThatThrownBy(() -> read(LINE.replace("{", "{\"visit_date\": null, ")))
        .hasMessageContaining("visit_date: null");
  }

  private Visit read(String line) throws IOException {
    return json.readValue(line, Visit.class);
  }
}
