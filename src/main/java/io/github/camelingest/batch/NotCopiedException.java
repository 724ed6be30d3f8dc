package io.github.camelingest.batch;

/** Rows cannot be copied into their table as they are; the steps for that case have their turn. */
public final class NotCopiedException extends Exception {

  private static final long serialVersionUID = 1L;

  NotCopiedException(String table) {
    // Where all rows are known, every batch throws one, and nobody looks where.
    super("the rows are to be merged into " + table, null, false, false);
  }
}
