package io.github.camelingest.fieldservice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelingest.load.JsonLines;
import io.github.camelingest.local.SampleData;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisitScannerTest {

  private static final String LINE =
      """
      {"task_id": "TASK7", "node_id": "NODE94", "visit_id": 2, "visit_date:": "2020-02-26 13:30:05",\
       "original_reported_date": "2020-02-17", "node_age": 0, "node_type": "TYPE3", "task_type": "TASK5",\
       "engineer_skill_level": "LEVEL1", "engineer_note": "334 156  8 19", "outcome": "FAIL"}\
      """;

  private static final ObjectMapper JSON = JsonLines.mapper();

  @Test
  void readsTheUsualLinesAsTheDeserializerDoes() throws IOException {
    SampleData data = new SampleData(1);
    for (int i = 0; i < 1_000; i++) {
      assertReadAlike(data.visit());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\": '                  | '\":'",
        "'\": '                  | '\"  :  '",
        "visit_date:             | visit_date",
        "2020-02-26 13:30:05     | 2020-02-29T23:59:59",
        "2020-02-17              | 0001-12-31",
        "334 156  8 19           | ''",
        "334 156  8 19           | '  1 2 '",
        "TASK7                   | TASK007",
        "TASK7                   | TASK999999999",
        "'\"node_age\": 0, '     | ''"
      })
  void readsTheSameWithOtherBlanksAndDates(String text, String other) throws IOException {
    String line = LINE.replace(text, other);
    if (line.contains("node_age")) {
      assertReadAlike(line);
    } else {
      assertThat(scan(line)).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TASK7               | TASK",
        "TASK7               | TASK2147483647",
        "TASK7               | TASK1x",
        "TASK7               | T\\u0041SK7",
        "NODE94              | NODE-94",
        "2020-02-26 13:30:05 | 2021-02-29",
        "2020-02-26 13:30:05 | 2020-13-01",
        "2020-02-26 13:30:05 | 2020-02-26 24:00:00",
        "2020-02-26 13:30:05 | 2020-02-26 13:30:05Z",
        "2020-02-26 13:30:05 | 2020-02-26 13:30",
        "2020-02-17          | 0000-01-01",
        "334 156  8 19       | 1 two",
        "334 156  8 19       | 1\\n2",
        "FAIL                | FAILED",
        "'\"visit_id\": 2'   | '\"visit_id\": 0'",
        "'\"visit_id\": 2'   | '\"visit_id\": 02'",
        "'\"visit_id\": 2'   | '\"visit_id\": 2.0'",
        "'\"visit_id\": 2'   | '\"visit_id\": \"2\"'",
        "'\"visit_id\": 2'   | '\"visit_id\": null'",
        "'\"visit_id\": 2'   | '\"visit_id\": 2, \"visit_id\": 2'",
        "'\"visit_id\": 2'   | '\"visit_id\": 2, \"weather\": \"fine\"'",
        "'\"visit_id\": 2'   | '\"visit_id\": 2, \"visit_date\": \"2020-02-26 13:30:05\"'",
        "'\"visit_id\": 2, ' | ''",
        "'\"visit_id\": 2,'  | '\"visit_id\": 2'",
        "'\"FAIL\"}'         | '\"FAIL\"'",
        "'\"FAIL\"}'         | '\"FAIL\",}'",
        "'\"FAIL\"}'         | '\"FAIL\"}}'",
        "'\"FAIL\"}'         | '\"FAIL\"} '",
        "'{'                 | '[{'"
      })
  void leavesWhatIsNotUsualToTheDeserializer(String text, String other) {
    assertThat(LINE).contains(text);
    assertThat(scan(LINE.replace(text, other))).isNull();
  }

  private static void assertReadAlike(String line) throws IOException {
    Visit expected = JSON.readValue(line, Visit.class);

    assertThat(scan(line)).as(line).usingRecursiveComparison().isEqualTo(expected);
  }

  /** Between other bytes. */
  private static Visit scan(String line) {
    byte[] bytes = ("}," + line + "}").getBytes(UTF_8);
    return VisitScanner.scan(bytes, 2, bytes.length - 1);
  }
}
