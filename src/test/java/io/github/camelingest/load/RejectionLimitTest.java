package io.github.camelingest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RejectionLimitTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "100 % | 10 | 0 | false",
        "0 | 0 | 10 | false",
        "0 | 1 | 10 | true",
        "7 | 7 | 0 | false",
        "7 | 8 | 100 | true",
        "2.5 % | 25 | 975 | false",
        "2.5% | 26 | 975 | true",
        "0 % | 0 | 0 | false",
        "0 % | 1 | 1000000 | true",
        "7, 50 % | 8 | 100 | true",
        "50 %,7 | 2 | 1 | true"
      })
  void isPassedByMoreThanItSays(String limit, long rejected, long rows, boolean passed) {
    assertThat(RejectionLimit.of(limit).isPassedBy(rejected, rows)).isEqualTo(passed);
  }

  @Test
  void allMayBeRejectedWhereNothingIsSaid() {
    assertThat(RejectionLimit.of(null).isPassedBy(5, 0)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "many", "-1", "5 %%", "1,", "1 2"})
  void anythingElseIsExplained(String text) {
    assertThatThrownBy(() -> RejectionLimit.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxRejected '" + text + "' is no limit");
  }
}
