package io.github.camelingest.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ListingCostTest {

  @Test
  void anHourlyComparisonOfTwoHundredThousandObjects() {
    assertThat(ListingCost.every(Duration.ofHours(1), 200))
        .hasToString("4,800 LIST requests a day, $0.02");
  }

  @Test
  void aComparisonOfThemEveryTenSeconds() {
    assertThat(ListingCost.every(Duration.ofSeconds(10), 200))
        .hasToString("1,728,000 LIST requests a day, $8.64");
  }
}
