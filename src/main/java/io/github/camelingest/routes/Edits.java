package io.github.camelingest.routes;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What became of the edits of routes and SQL since the application started, for those who watch it.
 * Thread-safe.
 */
public final class Edits {

  private Failure failure;
  private long failures;
  private long applied;
  private Instant lastApplied;
  private Set<String> stopped = Set.of();

  /**
   * An edit that was not taken: what ran before it still runs.
   *
   * @param problems at least one; the first is what to mend first
   * @param at when it was tried
   */
  public record Failure(List<Problem> problems, Instant at) {

    public Failure {
      problems = List.copyOf(problems);
    }

    /** As users name it. */
    public String file() {
      return problems.get(0).file();
    }

    /** From 1; 0 where the file as a whole is meant. */
    public int line() {
      return problems.get(0).line();
    }

    /** From 1; 0 where the line as a whole is meant. */
    public int column() {
      return problems.get(0).column();
    }

    public String reason() {
      return problems.get(0).reason();
    }

    /** The first problem, as {@code file:line:column: reason}. */
    public String message() {
      return problems.get(0).toString();
    }
  }

  /** Why the files are not what runs; nothing where they are. */
  public synchronized Optional<Failure> failure() {
    return Optional.ofNullable(failure);
  }

  /** Edits that were not taken, each counted once. */
  public synchronized long failures() {
    return failures;
  }

  /** Edits that were taken; several files saved at once are one. */
  public synchronized long applied() {
    return applied;
  }

  /** When the last one was taken. */
  public synchronized Optional<Instant> lastApplied() {
    return Optional.ofNullable(lastApplied);
  }

  /**
   * Ids of the routes that should run and do not, since neither the new ones nor those before could
   * be started; in order.
   */
  public synchronized Set<String> stopped() {
    return stopped;
  }

  synchronized void take() {
    applied++;
    lastApplied = Instant.now();
  }

  synchronized void fail(List<Problem> problems) {
    failures++;
    failure = new Failure(problems, Instant.now());
  }

  synchronized void mended() {
    failure = null;
  }

  synchronized void stopped(Set<String> routeIds) {
    stopped = Set.copyOf(routeIds);
  }
}
