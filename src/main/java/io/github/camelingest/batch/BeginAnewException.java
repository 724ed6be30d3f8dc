package io.github.camelingest.batch;

/**
 * Thrown by what works in a transaction to have it rolled back and its steps run again, as they
 * will do something else then.
 */
final class BeginAnewException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Runnable inDatabase;
  private final transient Runnable inMemory;

  /**
   * @param inDatabase what to do before, in a transaction of its own; possibly more than once
   * @param inMemory what to do when that is committed
   */
  BeginAnewException(Runnable inDatabase, Runnable inMemory) {
    super("the transaction begins anew");
    this.inDatabase = inDatabase;
    this.inMemory = inMemory;
  }

  Runnable inDatabase() {
    return inDatabase;
  }

  Runnable inMemory() {
    return inMemory;
  }
}
