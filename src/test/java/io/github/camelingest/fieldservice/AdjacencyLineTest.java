package io.github.camelingest.fieldservice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AdjacencyLineTest {

  @Test
  void readsANodeAndItsNeighbours() {
    AdjacencyLine line = AdjacencyLine.parse("NODE1 NODE3\tNODE5  NODE8 ".getBytes(UTF_8));

    assertThat(line.nodeId()).isEqualTo(1);
    assertThat(line.adjNodeIds()).containsExactly(3, 5, 8);
  }

  @Test
  void aNodeMayStandAlone() {
    assertThat(AdjacencyLine.parse("NODE499".getBytes(UTF_8)).adjNodeIds()).isEmpty();
  }

  @Test
  void saysWhichWordIsNoNode() {
    assertThatThrownBy(() -> AdjacencyLine.parse("NODE1 node2".getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected NODE and a number, got 'node2'");
  }
}
