package io.github.camelingest.ledger;

import java.time.Instant;
import java.util.List;

/**
 * The rejected lines of one dataset with one reason.
 *
 * @param lines how many there are
 * @param objects how many objects they are in
 * @param last when the newest of them was rejected
 * @param examples some of them
 */
public record RejectedGroup(
    String dataset, String reason, long lines, long objects, Instant last, List<Example> examples) {

  /**
   * One of the lines.
   *
   * @param location of its object, {@code s3://bucket/key}
   * @param line number in its object, from 1
   * @param message what was wrong with it
   */
  public record Example(String location, long line, String message) {}
}
