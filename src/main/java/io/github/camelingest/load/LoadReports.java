package io.github.camelingest.load;

import io.github.camelingest.ledger.Claim;
import io.github.camelingest.ledger.Claims;
import io.github.camelingest.ledger.LogContext;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Says of each loaded object in a line what it came to. Where more than {@value #TOLD} small ones
 * of a dataset are loaded within a second, a line sums up the others, and their own are for {@code
 * debug}. Thread-safe.
 */
final class LoadReports {

  private static final Logger LOG = LoggerFactory.getLogger(LoadReports.class);

  static final int TOLD = 10;

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier clock;
  private final Map<String, Second> seconds = new HashMap<>();

  /** A second of a dataset. */
  private static final class Second {
    private final long began;
    private int told;
    private long objects;
    private long rows;
    private long rejected;
    private long lines;
    private long bytes;

    Second(long began) {
      this.began = began;
    }
  }

  LoadReports() {
    this(System::nanoTime);
  }

  /**
   * @param clock in nanoseconds
   */
  LoadReports(LongSupplier clock) {
    this.clock = clock;
  }

  /**
   * @param took nanoseconds
   */
  void loaded(Load load, long took) {
    boolean alone = isAlone(load);
    if (!alone && !LOG.isDebugEnabled()) {
      return;
    }
    double seconds = Math.max(took, 1) / (double) SECOND;
    long bytes = load.claim().object().size();
    LOG.atLevel(alone ? Level.INFO : Level.DEBUG)
        .addKeyValue("rows", load.rows())
        .addKeyValue("rejected", load.rejected())
        .addKeyValue("lines", load.lines())
        .addKeyValue("seconds", seconds)
        .addKeyValue("bytes", bytes)
        .log(
            "{}: {} rows, {} rejected of {} lines in {} s, {} rows/s, {} bytes{}",
            load.claim().object().location(),
            load.rows(),
            load.rejected(),
            load.lines(),
            "%.2f".formatted(seconds),
            Math.round(load.rows() / seconds),
            bytes,
            earlier(load.claim()));
  }

  /** What a load that went on found done. */
  private static String earlier(Claim claim) {
    return claim.rows() + claim.rejected() == 0
        ? ""
        : "; earlier attempts had %d rows and %d rejected"
            .formatted(claim.rows(), claim.rejected());
  }

  private synchronized boolean isAlone(Load load) {
    long bytes = load.claim().object().size();
    if (bytes > Claims.SMALL_BYTES) {
      return true;
    }
    String dataset = load.claim().object().dataset();
    Second second = seconds.get(dataset);
    if (second == null) {
      second = new Second(clock.getAsLong());
      seconds.put(dataset, second);
      Second begun = second;
      CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, Runnable::run)
          .execute(() -> end(dataset, begun));
    }
    if (second.told < TOLD) {
      second.told++;
      return true;
    }
    second.objects++;
    second.rows += load.rows();
    second.rejected += load.rejected();
    second.lines += load.lines();
    second.bytes += bytes;
    return false;
  }

  private void end(String dataset, Second second) {
    synchronized (this) {
      if (!seconds.remove(dataset, second)) {
        return;
      }
    }
    if (second.objects > 0) {
      LogContext.of(dataset, () -> tell(dataset, second));
    }
  }

  private void tell(String dataset, Second second) {
    double took = Math.max(clock.getAsLong() - second.began, 1) / (double) SECOND;
    LOG.atInfo()
        .addKeyValue("objects", second.objects)
        .addKeyValue("rows", second.rows)
        .addKeyValue("rejected", second.rejected)
        .addKeyValue("lines", second.lines)
        .addKeyValue("seconds", took)
        .addKeyValue("bytes", second.bytes)
        .log(
            "{}: {} more small objects: {} rows, {} rejected of {} lines in {} s, {} rows/s, {} bytes",
            dataset,
            second.objects,
            second.rows,
            second.rejected,
            second.lines,
            "%.2f".formatted(took),
            Math.round(second.rows / took),
            second.bytes);
  }

  /** Says what is not said yet. */
  void end() {
    Map<String, Second> left;
    synchronized (this) {
      left = Map.copyOf(seconds);
    }
    left.forEach(this::end);
  }
}
