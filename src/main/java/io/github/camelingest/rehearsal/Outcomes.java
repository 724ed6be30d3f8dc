package io.github.camelingest.rehearsal;

import io.github.camelingest.ledger.RejectedLine;

/**
 * Is told what becomes of the lines of a rehearsal, by one thread at a time. A line that is read
 * and neither a row nor rejected in the end was left out by a step of the route.
 */
public interface Outcomes {

  /** A line that has content goes into the route. */
  void read(long line);

  /**
   * A line is a row of a batch.
   *
   * @param row a record, or a JSON object
   */
  void row(long line, Object row);

  /** A line is rejected. */
  void rejected(RejectedLine line);
}
