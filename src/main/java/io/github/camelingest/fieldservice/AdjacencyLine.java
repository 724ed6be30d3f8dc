package io.github.camelingest.fieldservice;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A line of a networkx adjacency list: a node, and those of its neighbours whose edge no earlier
 * line has.
 *
 * @param adjNodeIds as listed, possibly empty
 */
public record AdjacencyLine(int nodeId, int[] adjNodeIds) {

  private static final Pattern BLANKS = Pattern.compile("[ \t]+");
  private static final Pattern COMMENT = Pattern.compile("#.*", Pattern.DOTALL);

  /**
   * Reads a line such as {@code NODE1 NODE3 NODE5 # comment}.
   *
   * @throws IllegalArgumentException if a word is not a node; the message has the word and which it
   *     is
   */
  public static AdjacencyLine parse(byte[] line) {
    String text = COMMENT.matcher(new String(line, StandardCharsets.UTF_8)).replaceFirst("");
    String[] words = BLANKS.split(text.strip());
    int[] nodes = new int[words.length];
    for (int i = 0; i < words.length; i++) {
      nodes[i] = node(words[i], i + 1);
    }
    int[] neighbours = new int[nodes.length - 1];
    System.arraycopy(nodes, 1, neighbours, 0, neighbours.length);
    return new AdjacencyLine(nodes[0], neighbours);
  }

  private static int node(String word, int position) {
    try {
      return PrefixedNumber.parse("NODE", word);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("word %d: %s".formatted(position, e.getMessage()), e);
    }
  }
}
