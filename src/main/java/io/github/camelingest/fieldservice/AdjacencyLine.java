package io.github.camelingest.fieldservice;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A line of a networkx adjacency list: a node, and those of its neighbours whose edge no earlier
 * line has.
 *
 * @param adjNodeIds possibly empty
 */
public record AdjacencyLine(int nodeId, int[] adjNodeIds) {

  private static final Pattern BLANKS = Pattern.compile("[ \t]+");

  /**
   * Reads a line such as {@code NODE1 NODE3 NODE5}.
   *
   * @throws IllegalArgumentException if a word is not a node
   */
  public static AdjacencyLine parse(byte[] line) {
    String[] words = BLANKS.split(new String(line, StandardCharsets.UTF_8).strip());
    int[] nodes = new int[words.length];
    for (int i = 0; i < words.length; i++) {
      nodes[i] = PrefixedNumber.parse("NODE", words[i]);
    }
    int[] neighbours = new int[nodes.length - 1];
    System.arraycopy(nodes, 1, neighbours, 0, neighbours.length);
    return new AdjacencyLine(nodes[0], neighbours);
  }
}
