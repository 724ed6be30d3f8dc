package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Network files as people write them. */
class NetworkFileIT {

  private final Space space = Space.create();

  @Test
  void aBadLineCostsNoOtherAndAFileWithoutAGoodOneReplacesNothing() {
    // Given
    space.put(
        "network/network.adjlist",
        """
        # made by hand\r
        NODE1 NODE2\tNODE3  NODE2\r
        \r
          # the next line is wrong\r
        NODE2 NODE\r
        NODE2 NODE1 NODE2 # listed the other way round, and a loop\r
        NODE1 NODE4\r
        NODE9""");

    // When
    load(0);

    // Then
    List<String> edges = List.of("1-2", "1-3", "1-4", "2-2");
    assertThat(edges()).isEqualTo(edges);
    assertThat(space.rows("select node_id from fsm.network_node")).hasSize(3);
    assertThat(
            space.text(
                "select format('%s of %s, %s rejected, %s blank', rows, lines, rejected, blank) from ingest.files where complete"))
        .isEqualTo("4 of 8, 1 rejected, 3 blank");
    assertThat(space.text("select line || ': ' || message from ingest.rejected_line"))
        .contains("5: ", "NODE and a number");

    // When files come, under the same key and another, of which no line is good
    space.put("network/network.adjlist", "NODE\n94 95\n");
    space.put("network/other.adjlist", "");
    space.put("network/third.adjlist", "# nothing\n");
    Jar.Result result = load(1);

    // Then
    assertThat(result.err())
        .contains("failed: no line of the file is good, so the network stays as it was");
    assertThat(edges()).isEqualTo(edges);
    assertThat(
            space
                .sql()
                .sql("select state || ' ' || rows from ingest.object order by id")
                .query(String.class)
                .list())
        .containsExactly("loaded 4", "failed 0", "failed 0", "failed 0");

    // When a good one comes
    space.put("network/network.adjlist", "NODE7 NODE8\n");
    load(0);

    // Then
    assertThat(edges()).containsExactly("7-8");
  }

  private Jar.Result load(int exitCode) {
    Jar.Result result = Jar.run(space.environment(), "load", "network");
    assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
    return result;
  }

  private List<String> edges() {
    return space
        .sql()
        .sql("select node_id || '-' || adj_node_id from fsm.network_edge order by 1")
        .query(String.class)
        .list();
  }
}
