package io.github.camelingest.management;

import io.github.camelingest.ledger.DatasetFigures;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the ledger said last to those who watch: it is asked by one thread of its own, only where
 * somebody wants to know, and not more often than every few seconds. Where the database is away,
 * the last answer stands. Thread-safe.
 */
public final class LedgerView implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LedgerView.class);

  private static final Duration FRESH = Duration.ofSeconds(5);

  private final Supplier<List<DatasetFigures>> ledger;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread asking = new Thread(task, "ledger-view");
            asking.setDaemon(true);
            return asking;
          });

  private volatile Seen seen = new Seen(Instant.EPOCH, Map.of(), Map.of());
  private Future<?> look;

  /**
   * What was seen.
   *
   * @param at the beginning of time if nothing was yet
   * @param datasets by name
   * @param rowsPerSecond by dataset, between the last two looks
   */
  public record Seen(
      Instant at, Map<String, DatasetFigures> datasets, Map<String, Double> rowsPerSecond) {

    Duration age() {
      return Duration.between(at, Instant.now());
    }
  }

  /**
   * @param ledger fails where the database is away
   */
  public LedgerView(Supplier<List<DatasetFigures>> ledger) {
    this.ledger = ledger;
  }

  /** What was seen last; where that is not fresh any more, has another look begin. */
  public Seen seen() {
    if (seen.age().compareTo(FRESH) > 0) {
      look();
    }
    return seen;
  }

  /**
   * The same, after the look that begins.
   *
   * @param patience at most so long, however old it is then
   */
  Seen seen(Duration patience) {
    if (seen.age().compareTo(FRESH) > 0) {
      try {
        look().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        LOG.debug("the ledger does not answer yet");
      } catch (ExecutionException e) {
        LOG.debug("the ledger does not answer", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return seen;
  }

  private synchronized Future<?> look() {
    if (look == null || look.isDone()) {
      look = thread.submit(this::ask);
    }
    return look;
  }

  private void ask() {
    Map<String, DatasetFigures> now =
        ledger.get().stream()
            .collect(Collectors.toMap(one -> one.counts().dataset(), Function.identity()));
    Seen before = seen;
    seen =
        new Seen(
            Instant.now(),
            now,
            now.values().stream()
                .collect(
                    Collectors.toMap(
                        one -> one.counts().dataset(), one -> rowsPerSecond(one, before))));
  }

  private static double rowsPerSecond(DatasetFigures now, Seen before) {
    DatasetFigures then = before.datasets().get(now.counts().dataset());
    if (then == null) {
      return 0;
    }
    double seconds = Duration.between(then.at(), now.at()).toNanos() / 1e9;
    // Rows go, too, where an object replaces another.
    return seconds <= 0 ? 0 : Math.max(0, now.counts().rows() - then.counts().rows()) / seconds;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
