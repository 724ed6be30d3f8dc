package io.github.camelingest.load;

/**
 * The application is stopping; the object goes back to the ledger and is gone on with at the next
 * start.
 */
public final class StoppedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StoppedException() {
    super("the application is stopping");
  }
}
