package io.github.camelingest.cli;

import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.load.Loads;
import io.github.camelingest.load.Tally;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Tells again and again how far a load is, until it is closed. Thread-safe. */
final class LoadProgress implements AutoCloseable {

  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Loads loads;
  private final Display display;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final long began = System.nanoTime();

  /** What there is to load, with what is loaded by now; null until that is known. */
  private Backlog.Left all;

  private long lastRows;
  private long lastTime = began;

  /** Where it is told. */
  interface Display {

    /** How often. */
    Duration pause();

    void show(State state);

    /** Shows how far it came, where it shows that at all times; nothing more is shown. */
    void end(State state);
  }

  /**
   * How far it is.
   *
   * @param all objects and bytes that there are to load; empty until that is known
   * @param rate rows a second, of late; at the end, all the time
   * @param left until the end, if it goes on so
   */
  record State(Loads.SoFar done, Optional<Backlog.Left> all, long rate, Optional<Duration> left) {

    /** For people. */
    String text() {
      return "%,d%s objects, %,d rows, %,d rows/s, %,d rejected"
          .formatted(
              done.objects(),
              all.map(a -> " of %,d".formatted(a.objects())).orElse(""),
              done.rows(),
              rate,
              done.rejected());
    }
  }

  LoadProgress(Loads loads, Display display) {
    this.loads = loads;
    this.display = display;
    long pause = display.pause().toMillis();
    clock.scheduleWithFixedDelay(this::tell, pause, pause, TimeUnit.MILLISECONDS);
  }

  /**
   * @param left what is still to be loaded, or being loaded, now that it is known
   */
  synchronized void left(Backlog.Left left) {
    Tally ended = loads.tally();
    all = new Backlog.Left(ended.getEnded() + left.objects(), ended.getBytes() + left.bytes());
  }

  private synchronized void tell() {
    Loads.SoFar done = loads.soFar();
    long now = System.nanoTime();
    long rate = rate(done.rows() - lastRows, now - lastTime);
    lastRows = done.rows();
    lastTime = now;
    display.show(state(done, rate, now));
  }

  /** Rows a second; of a load that is given up, rows may become less. */
  private static long rate(long rows, long took) {
    return Math.round(Math.max(0, rows) / (took / SECOND));
  }

  private State state(Loads.SoFar done, long rate, long now) {
    return new State(done, Optional.ofNullable(all), rate, left(done, now - began));
  }

  private Optional<Duration> left(Loads.SoFar done, long took) {
    if (all == null || done.bytes() == 0) {
      return Optional.empty();
    }
    double share = Math.max(0, all.bytes() - done.bytes()) / (double) done.bytes();
    return Optional.of(Duration.ofSeconds(Math.round(took * share / SECOND)));
  }

  @Override
  public void close() {
    clock.shutdownNow();
    synchronized (this) {
      Loads.SoFar done = loads.soFar();
      long now = System.nanoTime();
      display.end(state(done, rate(done.rows(), now - began), now));
    }
  }
}
