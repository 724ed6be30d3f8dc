package io.github.camelingest.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LineRangesTest {

  @Test
  void containsExactlyTheLinesOfItsRanges() {
    // Given
    LineRanges ranges = LineRanges.parse("{[1,4),[7,8),[10,12)}");

    // When
    long[] contained = LongStream.rangeClosed(0, 13).filter(ranges::contains).toArray();

    // Then
    assertThat(contained).containsExactly(1, 2, 3, 7, 10, 11);
  }

  @Test
  void emptyContainsNothing() {
    assertThat(LongStream.rangeClosed(0, 3).filter(LineRanges.parse("{}")::contains)).isEmpty();
  }
}
