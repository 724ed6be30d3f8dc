package io.github.camelingest.management;

import io.github.camelingest.ledger.Status;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.springframework.core.NestedExceptionUtils;

/**
 * The status as the ledger told it last. However many want to see it, PostgreSQL is asked for it
 * once at a time, and a twentieth of the time at most. Thread-safe.
 */
final class LastLook implements AutoCloseable {

  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Looks that take long are followed by pauses so many times as long. */
  private static final int PAUSE_FACTOR = 20;

  /** Nobody waits longer for a look; what was seen before is shown then. */
  private static final long PATIENCE_MILLIS = 1_000;

  private final Supplier<Status> ledger;
  private final ExecutorService thread = Executors.newCachedThreadPool(LastLook::daemon);
  private Future<?> looking;
  private long next = System.nanoTime();
  private Status status;
  private long seenNanos;
  private String failure;

  /**
   * @param ledger fails with an exception where the database is away
   */
  LastLook(Supplier<Status> ledger) {
    this.ledger = ledger;
  }

  /**
   * What was seen.
   *
   * @param status null where nothing was seen yet
   * @param age of that status
   * @param failure why the last look saw nothing; null where it did
   */
  record Seen(Status status, Duration age, String failure) {}

  /** The newest that can be had soon. */
  Seen seen() {
    try {
      look().get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // What is told then is as old as it is, and says so.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      return new Seen(status, Duration.ofNanos(System.nanoTime() - seenNanos), failure);
    }
  }

  private synchronized Future<?> look() {
    if (looking == null || looking.isDone() && System.nanoTime() - next >= 0) {
      looking = thread.submit(this::ask);
    }
    return looking;
  }

  private void ask() {
    long begun = System.nanoTime();
    try {
      Status now = ledger.get();
      saw(now, null, PAUSE_FACTOR * (System.nanoTime() - begun));
    } catch (RuntimeException e) {
      saw(null, NestedExceptionUtils.getMostSpecificCause(e).getMessage(), 0);
    }
  }

  private synchronized void saw(Status now, String why, long pauseNanos) {
    next = System.nanoTime() + Math.max(PAUSE_NANOS, pauseNanos);
    failure = why;
    if (now != null) {
      status = now;
      seenNanos = System.nanoTime();
    }
  }

  private static Thread daemon(Runnable look) {
    Thread thread = new Thread(look, "status");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
