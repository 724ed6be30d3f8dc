package io.github.camelingest.management;

import io.github.camelingest.ledger.DatasetFigures;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The figures of the ledger for those who watch, as it told them last. Thread-safe. */
public final class LedgerView implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Look NOTHING = new Look(Map.of(), Map.of());

  private final Supplier<List<DatasetFigures>> ledger;
  private final LastAnswer<Look> last = new LastAnswer<>("ledger-view", PAUSE, this::look);
  private volatile Look before = NOTHING;

  /**
   * What was seen.
   *
   * @param datasets by name
   * @param rowsPerSecond by dataset, between the last two looks
   */
  public record Look(Map<String, DatasetFigures> datasets, Map<String, Double> rowsPerSecond) {}

  /**
   * @param ledger fails where the database is away
   */
  public LedgerView(Supplier<List<DatasetFigures>> ledger) {
    this.ledger = ledger;
  }

  /** What was seen last, of no dataset if nothing was yet; nobody waits for a newer look. */
  public Look seen() {
    return seen(Duration.ZERO);
  }

  /**
   * The newest look that can be had soon.
   *
   * @param patience at most so long, however old it is then
   */
  Look seen(Duration patience) {
    Look look = last.seen(patience).answer();
    return look == null ? NOTHING : look;
  }

  /** How old it is. */
  Duration age() {
    return last.seen(Duration.ZERO).age();
  }

  private Look look() {
    Map<String, DatasetFigures> now =
        ledger.get().stream()
            .collect(Collectors.toMap(one -> one.counts().dataset(), Function.identity()));
    Map<String, DatasetFigures> then = before.datasets();
    before =
        new Look(
            now,
            now.values().stream()
                .collect(
                    Collectors.toMap(
                        one -> one.counts().dataset(),
                        one -> rowsPerSecond(one, then.get(one.counts().dataset())))));
    return before;
  }

  private static double rowsPerSecond(DatasetFigures now, DatasetFigures then) {
    if (then == null) {
      return 0;
    }
    double seconds = Duration.between(then.at(), now.at()).toNanos() / 1e9;
    // Rows go, too, where an object replaces another.
    return seconds <= 0 ? 0 : Math.max(0, now.counts().rows() - then.counts().rows()) / seconds;
  }

  @Override
  public void close() {
    last.close();
  }
}
