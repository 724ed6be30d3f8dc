package io.github.camelingest.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import io.github.camelingest.ledger.LogContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Marker;
import org.slf4j.helpers.BasicMarkerFactory;

/**
 * Lets through {@value #TOLD} warnings or errors of a kind in a minute, and when that is over says
 * in a line how many more there were. A kind is what one place in the code has to say of one
 * dataset. Thread-safe.
 */
public final class WarningLimit extends Filter<ILoggingEvent> {

  static final int TOLD = 10;

  private static final Duration PERIOD = Duration.ofMinutes(1);

  /** Some libraries put names into what they say, so that kinds have no end. */
  private static final int KINDS = 200;

  private static final Marker SUM = new BasicMarkerFactory().getDetachedMarker("sum");

  private final BiConsumer<Duration, Runnable> later;
  private final Map<Kind, Period> periods =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Kind, Period> eldest) {
          return size() > KINDS;
        }
      };

  private record Kind(Level level, String logger, String message, String dataset) {}

  private static final class Period {
    private int told;
    private long untold;
    private String last;
  }

  public WarningLimit() {
    this(
        (after, what) ->
            CompletableFuture.delayedExecutor(
                    after.toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
                .execute(what));
  }

  /**
   * @param later runs something after a while
   */
  WarningLimit(BiConsumer<Duration, Runnable> later) {
    this.later = later;
  }

  @Override
  public FilterReply decide(ILoggingEvent event) {
    if (!event.getLevel().isGreaterOrEqual(Level.WARN)
        || event.getMarkerList() != null && event.getMarkerList().contains(SUM)) {
      return FilterReply.NEUTRAL;
    }
    Kind kind =
        new Kind(
            event.getLevel(),
            event.getLoggerName(),
            event.getMessage(),
            event.getMDCPropertyMap().get(LogContext.DATASET));
    return isTold(kind, event) ? FilterReply.NEUTRAL : FilterReply.DENY;
  }

  private synchronized boolean isTold(Kind kind, ILoggingEvent event) {
    Period period = periods.get(kind);
    if (period == null) {
      period = new Period();
      periods.put(kind, period);
      later.accept(PERIOD, () -> end(kind));
    }
    if (period.told < TOLD) {
      period.told++;
      return true;
    }
    period.untold++;
    period.last = event.getFormattedMessage();
    return false;
  }

  private void end(Kind kind) {
    Period period;
    synchronized (this) {
      period = periods.remove(kind);
    }
    if (period == null || period.untold == 0) {
      return;
    }
    LogContext.of(
        kind.dataset(),
        () ->
            ((LoggerContext) getContext())
                .getLogger(kind.logger())
                .atLevel(org.slf4j.event.Level.valueOf(kind.level().toString()))
                .addMarker(SUM)
                .log(
                    "{} more like these within a minute, the last one: {}",
                    period.untold,
                    period.last));
  }
}
