package io.github.camelingest.discovery;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * Compares buckets with the ledger again and again, where no queue tells of new objects: as often
 * as it is asked while something comes, and less and less often, at last every five minutes, while
 * nothing does. Thread-safe.
 */
public final class Polling {

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  private final ToLongFunction<String> comparison;
  private final long interval;
  private final LongSupplier clock;
  private final Map<String, Pause> pauses = new ConcurrentHashMap<>();

  /** Times in nanoseconds. */
  private record Pause(long began, long length) {}

  /**
   * @param interval how often it is asked
   */
  public Polling(BucketScan scan, Duration interval) {
    this(scan::compare, interval, System::nanoTime);
  }

  Polling(ToLongFunction<String> comparison, Duration interval, LongSupplier clock) {
    this.comparison = comparison;
    this.interval = interval.toNanos();
    this.clock = clock;
  }

  /**
   * How long the pauses become while nothing comes.
   *
   * @param interval how often it is asked
   */
  public static Duration longestPause(Duration interval) {
    return interval.compareTo(LONGEST_PAUSE) > 0 ? interval : LONGEST_PAUSE;
  }

  /** Compares what the buckets have of a dataset with the ledger, unless it pauses. */
  public void poll(String dataset) {
    long now = clock.getAsLong();
    Pause pause = pauses.get(dataset);
    // Whoever asks is not exact: half an interval early is in time.
    if (pause != null && now - pause.began() < pause.length() - interval / 2) {
      return;
    }
    long before = pause == null ? interval / 2 : pause.length();
    pauses.put(
        dataset,
        new Pause(now, Math.min(2 * before, longestPause(Duration.ofNanos(interval)).toNanos())));
    if (comparison.applyAsLong(dataset) > 0) {
      pauses.put(dataset, new Pause(now, interval));
    }
  }
}
