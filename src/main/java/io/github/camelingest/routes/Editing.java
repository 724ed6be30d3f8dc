package io.github.camelingest.routes;

import io.github.camelingest.load.ObjectsEndpoint;
import io.github.camelingest.routes.Outcome.Contents;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets edits of routes and SQL take effect while they run: looks at the files, tries what has
 * changed, and replaces the routes that this concerns between two batches. What is no good changes
 * nothing, and is told in the log and to {@link Edits}. Has a thread of its own.
 */
public final class Editing implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Editing.class);

  /**
   * How often the files are read, which are as many kilobytes as there are datasets. Their contents
   * are compared, not their times, nor is the system asked to tell of changes: so it does not
   * matter whether an editor renames, copies or writes over, and it works with symbolic links that
   * are put elsewhere and with NFS. Two looks have to find the same: what was saved between them is
   * one edit.
   */
  private static final Duration LOOK = Duration.ofMillis(350);

  /** How often is looked whether the loads of routes have ended that are to be replaced. */
  private static final Duration GLANCE = Duration.ofMillis(20);

  /**
   * How often a bad edit is tried again, since it may lack what is elsewhere, such as a table that
   * somebody makes afterwards.
   */
  private static final Duration RETRY = Duration.ofSeconds(10);

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(2);

  private final Folder routes;
  private final Folder sql;
  private final Trial trial;
  private final RunningRoutes running;
  private final Edits edits;
  private final BooleanSupplier databaseIsAway;
  private final Consumer<String> begun;
  private final Thread thread = new Thread(this::watch, "editing");

  /** What the last look has found. */
  private Sources seen;

  /** What was tried last, or runs since the start. */
  private Sources tried;

  /** What is in the files that run; null until that is wanted. */
  private Map<String, Contents> contents;

  /** What waits for loads to end; null if nothing does. */
  private Change waiting;

  /** Files whose routes do not run although they should. */
  private Set<String> lost = Set.of();

  /** Whether what is in the files was no good, and when that was tried last. */
  private boolean bad;

  private long triedAt;

  private boolean blind;
  private boolean closed;

  /**
   * @param begun told of each dataset that is loaded from then on, or from elsewhere
   */
  public Editing(
      Folder routes,
      Folder sql,
      Trial trial,
      RunningRoutes running,
      Edits edits,
      BooleanSupplier databaseIsAway,
      Consumer<String> begun) {
    this.routes = routes;
    this.sql = sql;
    this.trial = trial;
    this.running = running;
    this.edits = edits;
    this.databaseIsAway = databaseIsAway;
    this.begun = begun;
    this.seen = running.sources();
    this.tried = running.sources();
  }

  /** Begins to look, where there is something that can be edited. */
  public void start() {
    if (routes.isEditable() || sql.isEditable()) {
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void watch() {
    try {
      long looked = System.nanoTime();
      while (pause()) {
        if (waiting != null && isDue(waiting)) {
          attempt(this::take);
        }
        if (System.nanoTime() - looked >= LOOK.toNanos()) {
          attempt(this::look);
          looked = System.nanoTime();
        }
        if (bad && waiting == null && System.nanoTime() - triedAt >= RETRY.toNanos()) {
          attempt(this::retry);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean pause() throws InterruptedException {
    if (!closed) {
      wait((waiting == null ? LOOK : GLANCE).toMillis());
    }
    return !closed;
  }

  private static void attempt(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      // Whatever it is: nobody else looks.
      LOG.error("an edit was not taken: {}", e.toString(), e);
    }
  }

  private void look() {
    Sources now;
    try {
      now = Sources.read(routes, sql);
    } catch (IOException e) {
      if (!blind) {
        LOG.warn("what runs goes on, but edits are not seen: {}", e.toString());
      }
      blind = true;
      return;
    }
    blind = false;
    if (!now.equals(seen)) {
      seen = now;
    } else if (!now.equals(tried)) {
      Set<String> saved = tried.differences(now);
      tried = now;
      consider(now, saved);
    }
  }

  /**
   * Tries all that is not as it runs; and if that is no good, what was saved now without what was
   * no good before.
   */
  private void consider(Sources now, Set<String> saved) {
    Sources runs = running.sources();
    bad = false;
    if (now.equals(runs) && lost.isEmpty()) {
      await(null);
      edits.mended();
      LOG.info("{}: as it runs", String.join(", ", saved));
      return;
    }
    Outcome whole = trial.of(now);
    if (whole.isGood()) {
      await(change(now, whole));
      return;
    }
    bad = true;
    triedAt = System.nanoTime();
    Sources part = (waiting == null ? runs : waiting.wanted()).with(now, saved);
    if (part.differences(now).isEmpty() || part.equals(runs)) {
      fail(whole.problems());
      return;
    }
    Outcome some = trial.of(part);
    boolean known =
        edits.failure().map(Edits.Failure::problems).filter(whole.problems()::equals).isPresent();
    if (!some.isGood() || !known) {
      fail(whole.problems());
    }
    if (some.isGood()) {
      await(change(part, some));
    }
  }

  private void retry() {
    triedAt = System.nanoTime();
    Outcome again = trial.of(tried);
    if (again.isGood()) {
      bad = false;
      await(change(tried, again));
    }
  }

  private Change change(Sources wanted, Outcome tried) {
    Sources runs = running.sources();
    if (contents == null) {
      contents = trial.contents(runs);
    }
    Change change = Change.of(runs, contents, wanted, tried, lost);
    tried
        .notPrepared()
        .ifPresent(why -> LOG.warn("{}: tried without asking about its SQL: {}", change, why));
    return change;
  }

  /** Lets a change wait for the loads of its routes, in place of one that may be waiting. */
  private void await(Change change) {
    Set<ObjectsEndpoint> halting =
        change == null ? Set.of() : Set.copyOf(running.datasets(change.routeFiles()));
    if (waiting != null) {
      running.datasets(waiting.routeFiles()).stream()
          .filter(dataset -> !halting.contains(dataset))
          .forEach(ObjectsEndpoint::goOn);
    }
    halting.forEach(ObjectsEndpoint::halt);
    waiting = change;
  }

  private boolean isDue(Change change) {
    boolean away = databaseIsAway.getAsBoolean();
    return running.datasets(change.routeFiles()).stream()
        .allMatch(dataset -> dataset.isHalted(away));
  }

  private void take() {
    Change change = waiting;
    if (change.unasked() && !databaseIsAway.getAsBoolean()) {
      // It may have waited until PostgreSQL was back.
      Outcome again = trial.of(change.wanted());
      if (!again.isGood()) {
        await(null);
        bad = true;
        triedAt = System.nanoTime();
        fail(again.problems());
        return;
      }
    }
    waiting = null;
    Map<String, String> before = running.places();
    Set<String> ids = running.ids(change.routeFiles());
    try {
      running.replace(change.wanted(), change.routeFiles());
    } catch (Exception e) {
      fail(
          List.of(
              Diagnosis.of(
                  change.wanted(), change.files().iterator().next(), 0, Optional.empty(), e)));
      ids.removeAll(running.ids(change.routeFiles()));
      edits.stopped(ids);
      lost = ids.isEmpty() ? Set.of() : change.routeFiles();
      bad = !lost.isEmpty();
      triedAt = System.nanoTime();
      return;
    }
    contents = change.contents();
    lost = Set.of();
    edits.stopped(Set.of());
    edits.take();
    if (running.sources().equals(tried)) {
      edits.mended();
    }
    ids.addAll(running.ids(change.routeFiles()));
    LOG.info("{}: taken{}", change, ids.isEmpty() ? "" : "; it concerns the routes " + ids);
    running
        .places()
        .forEach(
            (dataset, place) -> {
              if (!place.equals(before.get(dataset))) {
                begun.accept(dataset);
              }
            });
  }

  private void fail(List<Problem> problems) {
    edits.fail(problems);
    LOG.error(
        "{}{}; what ran before still runs",
        problems.get(0),
        problems.size() == 1
            ? ""
            : " (and %d more, which validate shows)".formatted(problems.size() - 1));
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(STOP_PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
