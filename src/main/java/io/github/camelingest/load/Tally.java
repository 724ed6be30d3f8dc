package io.github.camelingest.load;

import java.util.concurrent.atomic.AtomicLong;

/** What became of the loads of this instance since it started. Thread-safe. */
public final class Tally {

  private final AtomicLong ended = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong loaded = new AtomicLong();
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();

  void loaded(Load load) {
    ended(load);
    loaded.incrementAndGet();
    rows.addAndGet(load.rows());
    rejected.addAndGet(load.rejected());
  }

  /** Whatever became of it, the object is not tried again. */
  void ended(Load load) {
    ended.incrementAndGet();
    bytes.addAndGet(load.claim().object().size());
  }

  /**
   * @param forGood whether the object is not tried again
   */
  void failed(Load load, boolean forGood) {
    failures.incrementAndGet();
    if (forGood) {
      ended(load);
      failed.incrementAndGet();
    }
  }

  /** Objects that are loaded, or not to be tried again. */
  public long getEnded() {
    return ended.get();
  }

  /** Bytes of these in S3. */
  public long getBytes() {
    return bytes.get();
  }

  /** Objects that are loaded. */
  public long getLoaded() {
    return loaded.get();
  }

  /** Rows of the objects that are loaded. */
  public long getRows() {
    return rows.get();
  }

  /** Rejected lines of the objects that are loaded. */
  public long getRejected() {
    return rejected.get();
  }

  /** Loads that failed because of the object or its rows; an object may be tried several times. */
  public long getFailures() {
    return failures.get();
  }

  /** Objects that are not tried again. */
  public long getFailed() {
    return failed.get();
  }
}
