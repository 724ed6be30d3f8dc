package io.github.camelingest.ledger;

/**
 * A line that could not become a row.
 *
 * @param line number in its object, from 1
 * @param reason short code that errors are counted by
 * @param message what was wrong, in which field, for a person
 * @param sqlState the code where PostgreSQL refused the row, else null
 * @param raw the bytes of the line, possibly only the first of them
 */
public record RejectedLine(long line, String reason, String message, String sqlState, byte[] raw) {

  /** The ledger keeps no more of a line. */
  public static final int MOST_RAW_BYTES = 8 * 1024;
}
