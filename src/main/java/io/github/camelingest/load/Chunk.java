package io.github.camelingest.load;

import io.github.camelingest.ledger.RejectedLine;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines of one object that follow each other, and what becomes of each: the body of the messages
 * that a route splits an object into. A message for each line would take longer than the lines.
 *
 * <p>At first the row of a line is its bytes. Steps of the route put others in their place. Not
 * thread-safe.
 */
public final class Chunk {

  private final Load load;
  private final List<Line> lines = new ArrayList<>();
  private final List<Object> rows = new ArrayList<>();
  private long bytes;

  Chunk(Load load) {
    this.load = load;
  }

  /** Adds the next line; a flawed one is a rejected line from the start. */
  void add(Line line) {
    lines.add(line);
    rows.add(line.flaw() == null ? line.bytes() : Rejections.flawed(line));
    bytes += line.bytes().length;
  }

  public Load load() {
    return load;
  }

  /** How many lines there are. */
  public int size() {
    return lines.size();
  }

  /** Bytes of the lines. */
  long bytes() {
    return bytes;
  }

  /**
   * @param index from 0
   */
  public Line line(int index) {
    return lines.get(index);
  }

  /** The last of its lines. */
  Line last() {
    return lines.get(lines.size() - 1);
  }

  /**
   * What a line has become: a {@link RejectedLine}; null, where a step has left it out; else a row.
   *
   * @param index of the line, from 0
   */
  public Object row(int index) {
    return rows.get(index);
  }

  /** Replaces what a line has become. */
  void row(int index, Object row) {
    rows.set(index, row);
  }

  /** Whether steps have left out all its lines. */
  public boolean isLeftOut() {
    return rows.stream().allMatch(row -> row == null);
  }
}
