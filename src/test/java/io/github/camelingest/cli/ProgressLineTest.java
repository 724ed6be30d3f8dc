package io.github.camelingest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.load.Loads;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What fits into the columns of a terminal. */
class ProgressLineTest {

  private final ProgressLine line = new ProgressLine("visits");

  @ParameterizedTest
  @CsvSource({
    "39, '25% 3/12 151,208/s 17 rejected 41 s    '",
    "79, 'visits 25%, 3/12 objects, 151,208 rows/s, 17 rejected, 41 s left [===         ]'",
    "120, 'visits 25%, 250/1,000 MB, 3/12 objects, 3,100,000 rows, 151,208 rows/s, 17 rejected, 41 s left [=====                  ]'"
  })
  void theNarrowerItIsTheLessIsTold(int columns, String expected) {
    line.set(state(250, Optional.of(new Backlog.Left(12, 1_000_000_000)), 41));

    assertThat(line.render(null, columns)).hasSize(columns).isEqualTo(expected);
  }

  @Test
  void beforeItIsKnownHowMuchThereIsNothingIsPromised() {
    line.set(
        new LoadProgress.State(new Loads.SoFar(0, 0, 0, 0), Optional.empty(), 0, Optional.empty()));

    assertThat(line.render(null, 79)).startsWith("visits ?%, 0 MB, 0 objects, ").contains("? left");
  }

  @Test
  void whatTakesLongIsTold() {
    line.set(state(0, Optional.of(new Backlog.Left(12, 1_000_000_000)), 90));
    assertThat(line.render(null, 79)).contains(" 1:30 min left");

    line.set(state(0, Optional.of(new Backlog.Left(12, 1_000_000_000)), 3600 * 30 + 60 * 5));
    assertThat(line.render(null, 79)).contains(" 30:05 h left");
  }

  @Test
  void itIsFullWhereThereWasNothing() {
    line.set(state(0, Optional.of(new Backlog.Left(0, 0)), 0));

    assertThat(line.render(null, 79)).contains("100%", "==]");
  }

  private static LoadProgress.State state(
      long megabytes, Optional<Backlog.Left> all, long secondsLeft) {
    return new LoadProgress.State(
        new Loads.SoFar(3, megabytes * 1_000_000, 3_100_000, 17),
        all,
        151_208,
        Optional.of(Duration.ofSeconds(secondsLeft)));
  }
}
