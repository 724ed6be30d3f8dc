package io.github.camelingest.ledger;

/**
 * A place between two lines of an object.
 *
 * @param lines lines before it
 * @param bytes bytes before it, of the decompressed content
 */
public record Position(long lines, long bytes) {

  /** Before the first line. */
  public static final Position START = new Position(0, 0);
}
