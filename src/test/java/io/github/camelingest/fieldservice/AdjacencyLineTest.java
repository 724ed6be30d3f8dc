package io.github.camelingest.fieldservice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(
      strings = {"NODE1 NODE2# why", "NODE1 NODE2 # NODE3", "NODE1\tNODE2\t#", "NODE1 NODE2#é"})
  void aCommentMayStandBehind(String line) {
    assertThat(AdjacencyLine.parse(line.getBytes(UTF_8)).adjNodeIds()).containsExactly(2);
  }

  @Test
  void keepsWhatIsListed() {
    assertThat(AdjacencyLine.parse("NODE1 NODE1 NODE2 NODE2".getBytes(UTF_8)).adjNodeIds())
        .containsExactly(1, 2, 2);
  }

  @ParameterizedTest
  @CsvSource({
    "NODE1 node2, 2, node2",
    "NODE1 NODE2 NODE NODE4, 3, NODE",
    "1 NODE2, 1, 1",
    "'NODE1,NODE2', 1, 'NODE1,NODE2'",
    "NODE1 NODE2147483648, 2, NODE2147483648",
    "'', 1, ''",
    "'# all', 1, ''"
  })
  void saysWhichWordIsNoNode(String line, int position, String word) {
    assertThatThrownBy(() -> AdjacencyLine.parse(line.getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "word %d: expected NODE and a number up to 2147483647, got '%s'", position, word);
  }
}
