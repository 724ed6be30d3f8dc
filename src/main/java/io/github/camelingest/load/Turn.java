package io.github.camelingest.load;

import java.util.concurrent.Semaphore;

/**
 * The turn of a load among those of its dataset: so many at a time hold what needs memory or a
 * connection to the database. Belongs to the thread of the load.
 */
final class Turn {

  private final Semaphore turns;
  private boolean ours;

  /**
   * @param turns as many as there may be at a time
   */
  Turn(Semaphore turns) {
    this.turns = turns;
  }

  /** Waits for it, where the load does not have it already. */
  void await() throws InterruptedException {
    if (!ours) {
      turns.acquire();
      ours = true;
    }
  }

  /** Gives it to the next load, if this one has it. */
  void end() {
    if (ours) {
      turns.release();
      ours = false;
    }
  }
}
