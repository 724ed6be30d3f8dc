package io.github.camelingest.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClockTest {

  @ParameterizedTest
  @CsvSource({
    "2026-11-01T12:00:04Z, OK, agrees with ours",
    "2026-11-01T11:59:56Z, OK, agrees with ours",
    "2026-11-01T12:01:00Z, WARNING, is 60 s ahead of ours",
    "2026-11-01T11:59:00Z, WARNING, is 60 s behind ours",
  })
  void aDifferenceThatNoAnswerTakesIsToldOf(Instant theirs, Finding.Verdict verdict, String what) {
    Finding finding = Clock.compare("S3", theirs, Instant.parse("2026-11-01T12:00:00Z"));

    assertThat(finding.verdict()).isEqualTo(verdict);
    assertThat(finding.what()).contains("that of S3 " + what);
  }
}
