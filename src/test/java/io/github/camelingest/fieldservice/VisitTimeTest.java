package io.github.camelingest.fieldservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VisitTimeTest {

  @ParameterizedTest
  @CsvSource({
    "2020-02-26, 2020-02-26T00:00",
    "2020-02-29, 2020-02-29T00:00",
    "2020-02-26 13:30:00, 2020-02-26T13:30",
    "2020-02-26T23:59:59, 2020-02-26T23:59:59",
    "2020-02-26 13:30:00.1, 2020-02-26T13:30:00.1",
    "2020-02-26 13:30:00.000001, 2020-02-26T13:30:00.000001",
    "2020-02-26 13:30:00.123456000, 2020-02-26T13:30:00.123456",
    "2020-02-26T13:30:00Z, 2020-02-26T13:30",
    "2020-02-26 13:30:00.5Z, 2020-02-26T13:30:00.5",
    "2020-02-26T13:30:00+02:00, 2020-02-26T11:30",
    "2020-02-26T13:30:00+0545, 2020-02-26T07:45",
    "2020-02-26T23:30:00-05, 2020-02-27T04:30",
    "2020-02-26T13:30:00-00:30, 2020-02-26T14:00",
    "2020-02-26T13:30:00-00:00, 2020-02-26T13:30",
    "0001-01-01, 0001-01-01T00:00",
    "9999-12-31 23:59:59.999999, 9999-12-31T23:59:59.999999"
  })
  void readsWhatVisitsWrite(String text, LocalDateTime time) {
    assertThat(VisitTime.parse(text)).isEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2020",
        "2020-02",
        "2020-02-30",
        "2019-02-29",
        "2020-13-01",
        "2020-00-01",
        "2020-01-00",
        "2020-2-26",
        "12020-02-26",
        "+12020-02-26",
        "-2020-02-26",
        "20-02-2026",
        "02/26/2020",
        "20200226",
        "2020-02-26 ",
        " 2020-02-26",
        "2020-02-26T",
        "2020-02-26Z",
        "2020-02-26+02:00",
        "2020-02-26 13",
        "2020-02-26 13:30",
        "2020-02-26  13:30:00",
        "2020-02-26t13:30:00",
        "2020-02-26 24:00:00",
        "2020-02-26 13:60:00",
        "2020-02-26 13:30:60",
        "2020-02-26 13:30:00.",
        "2020-02-26 13:30:00,5",
        "2020-02-26 13:30:00.0000000000",
        "2020-02-26 13:30:00z",
        "2020-02-26 13:30:00 Z",
        "2020-02-26 13:30:00ZZ",
        "2020-02-26 13:30:00+",
        "2020-02-26 13:30:00+2",
        "2020-02-26 13:30:00+02:",
        "2020-02-26 13:30:00+02:0",
        "2020-02-26 13:30:00+02:60",
        "2020-02-26 13:30:00+19",
        "2020-02-26 13:30:00+02:00:00",
        "2020-02-26 13:30:00[UTC]",
        "2020-02-26 13:30:00 ",
        "٢٠٢٠-02-26",
        "infinity",
        "now"
      })
  void whatIsNoDateIsQuoted(String text) {
    assertThatThrownBy(() -> VisitTime.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "expected a date like 2020-02-26 or 2020-02-26 13:30:00, got '%s'".formatted(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0000-00-00", "0000-01-01", "0001-01-01T00:00:00+01", "9999-12-31T23:59:59-00:01"})
  void yearsHaveFourDigitsInUtcToo(String text) {
    assertThatThrownBy(() -> VisitTime.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("expected a (year from 1 to 9999 in UTC|date like .*), got '.*'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2020-02-26 13:30:00.1234567", "2020-02-26 13:30:00.000000001Z"})
  void noTimeIsRounded(String text) {
    assertThatThrownBy(() -> VisitTime.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a time no finer than a microsecond, got '%s'".formatted(text));
  }
}
