package io.github.camelingest.load;

import java.util.concurrent.atomic.AtomicLong;

/** What became of the loads of this instance since it started. Thread-safe. */
public final class Tally {

  private final AtomicLong loaded = new AtomicLong();
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong postponed = new AtomicLong();

  void loaded(Load load) {
    loaded.incrementAndGet();
    rows.addAndGet(load.rows());
    rejected.addAndGet(load.rejected());
  }

  void failed() {
    failed.incrementAndGet();
  }

  void postponed() {
    postponed.incrementAndGet();
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

  /** Loads that have failed because of the object or its rows. */
  public long getFailed() {
    return failed.get();
  }

  /** Loads that ended because S3 was away or another instance took over; to be tried again. */
  public long getPostponed() {
    return postponed.get();
  }
}
