package io.github.camelingest.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PollingTest {

  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final List<Long> looks = new ArrayList<>();
  private long now;
  private boolean comes;
  private final Polling polling =
      new Polling(
          dataset -> {
            looks.add(Duration.ofNanos(now).toSeconds());
            return comes ? 1 : 0;
          },
          INTERVAL,
          () -> now);

  @Test
  void looksLessOftenWhileNothingComesAndAtLastEveryFiveMinutes() {
    pollUntil(Duration.ofSeconds(1_500));

    assertThat(looks).startsWith(0L, 10L, 30L, 70L, 150L, 310L, 610L, 910L, 1_210L);
  }

  @Test
  void looksAsOftenAsItIsAskedOnceSomethingCame() {
    pollUntil(Duration.ofSeconds(100));
    comes = true;
    pollUntil(Duration.ofSeconds(190));

    assertThat(looks).containsExactly(0L, 10L, 30L, 70L, 150L, 160L, 170L, 180L);
  }

  private void pollUntil(Duration end) {
    for (; now < end.toNanos(); now += INTERVAL.toNanos()) {
      polling.poll("visits");
    }
  }
}
