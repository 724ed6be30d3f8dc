package io.github.camelingest.load;

/**
 * A load was told to end, which is no failure of it; the object goes back to the ledger and is gone
 * on with at the next start, or by the route that comes in place of this one.
 */
public final class StoppedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param why the load has to end
   */
  StoppedException(String why) {
    super(why);
  }
}
