package io.github.camelingest.cli;

import io.github.camelingest.ledger.RejectedLine;
import java.io.IOException;

/** Where it is told how the lines of files would fare. */
interface DataReport extends AutoCloseable {

  /** How the lines of a file would fare, together. */
  record Counts(long lines, long rows, long rejected, long filtered, long blank) {}

  /** A file begins. */
  void begin(String file) throws IOException;

  /** A line of it would be rejected; told in order, and no more often than somebody wants. */
  void rejected(RejectedLine line) throws IOException;

  /**
   * The file ends.
   *
   * @param counts null, if it cannot be read to its end
   * @param untold rejected lines that were not told
   * @param notLoaded why the object would not be loaded, or null
   */
  void end(Counts counts, long untold, String notLoaded) throws IOException;

  @Override
  void close() throws IOException;
}
