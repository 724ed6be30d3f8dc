package io.github.camelingest.ledger;

import java.time.Duration;
import java.util.List;

/** Told of batches, for whoever counts and times them. Returns at once. Thread-safe. */
public interface BatchWitness {

  /** Who does not care. */
  BatchWitness NOBODY =
      new BatchWitness() {
        @Override
        public void committed(String dataset, List<Progress> batch, Duration took) {
          // nothing to count
        }

        @Override
        public void again(String dataset) {
          // nothing to count
        }

        @Override
        public void refused(String dataset, long lines) {
          // nothing to count
        }
      };

  /**
   * A batch is committed.
   *
   * @param batch what it did for each of its objects
   * @param took from the first attempt to the commit
   */
  void committed(String dataset, List<Progress> batch, Duration took);

  /**
   * A batch is tried again, since the database was away or two writers were in each other's way.
   */
  void again(String dataset);

  /**
   * PostgreSQL refuses rows of batches that were committed, now that they are to be shown.
   *
   * @param lines rejected ones, which were rows until now
   */
  void refused(String dataset, long lines);
}
