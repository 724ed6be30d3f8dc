package io.github.camelingest.management;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;

/**
 * What the ledger said last to a question. However many want to know, it is asked once at a time,
 * only when somebody wants to know, and for a twentieth of the time at most where that keeps an
 * answer from being older than a minute. Where the database is away, the last answer stands.
 * Thread-safe.
 */
final class LastAnswer<T> implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LastAnswer.class);

  /** Answers that take long are followed by pauses so many times as long. */
  private static final int PAUSE_FACTOR = 20;

  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Supplier<T> question;
  private final long pauseNanos;
  private final ExecutorService thread;
  private Future<?> asking;
  private long next = System.nanoTime();
  private T answer;
  private long answeredNanos = System.nanoTime();
  private String failure;

  /**
   * @param name of the thread that asks
   * @param pause at least so long between two questions
   * @param question fails with an exception where the database is away
   */
  LastAnswer(String name, Duration pause, Supplier<T> question) {
    this.question = question;
    pauseNanos = pause.toNanos();
    thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread one = new Thread(task, name);
              one.setDaemon(true);
              return one;
            });
  }

  /**
   * What is known.
   *
   * @param answer null where there was none yet
   * @param age of the answer; before the first one, how long there could have been one
   * @param failure why the last question had no answer; null where it had one
   */
  record Seen<T>(T answer, Duration age, String failure) {}

  /**
   * The newest answer; has the question asked again where it is old.
   *
   * @param patience nobody waits longer for that
   */
  Seen<T> seen(Duration patience) {
    try {
      ask().get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // What is told then is as old as it is, and says so.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      return new Seen<>(answer, Duration.ofNanos(System.nanoTime() - answeredNanos), failure);
    }
  }

  private synchronized Future<?> ask() {
    if (asking == null || asking.isDone() && System.nanoTime() - next >= 0) {
      asking = thread.submit(this::hear);
    }
    return asking;
  }

  private void hear() {
    long begun = System.nanoTime();
    try {
      T now = question.get();
      heard(now, null, PAUSE_FACTOR * (System.nanoTime() - begun));
    } catch (RuntimeException e) {
      LOG.debug("the ledger does not answer", e);
      heard(null, NestedExceptionUtils.getMostSpecificCause(e).getMessage(), 0);
    }
  }

  private synchronized void heard(T now, String why, long longPause) {
    next = System.nanoTime() + Math.max(pauseNanos, Math.min(longPause, LONGEST_PAUSE_NANOS));
    failure = why;
    if (now != null) {
      answer = now;
      answeredNanos = System.nanoTime();
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
