package io.github.camelingest.fieldservice;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.camelingest.batch.EncodedRow;

/** Whatever a line of the network has, it becomes a row or a message that fits into a line. */
class AdjacencyLineFuzzTest {

  private static final int LONGEST_MESSAGE = 120;

  @FuzzTest
  void readsOrRefuses(byte[] bytes) {
    AdjacencyLine line;
    try {
      line = AdjacencyLine.parse(bytes);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(LONGEST_MESSAGE);
      return;
    }
    assertThat(line.nodeId()).isNotNegative();
    for (int neighbour : line.adjNodeIds()) {
      assertThat(neighbour).isNotNegative();
    }
    assertThat(EncodedRow.bytes(line)).isPositive();
  }
}
