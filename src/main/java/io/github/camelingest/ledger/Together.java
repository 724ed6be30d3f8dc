package io.github.camelingest.ledger;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/**
 * Lets threads that want the same done at the same time share a transaction: while one of them is
 * at it, others gather, and are done together next. Thread-safe.
 *
 * @param <T> what is to be done
 * @param <R> what comes of it
 */
final class Together<T, R> {

  /** Statements of this size are planned in a moment, and lock little. */
  private static final int MOST = 64;

  private final Function<List<T>, List<R>> work;
  private final Deque<Wish> gathered = new ArrayDeque<>();
  private boolean busy;

  private final class Wish {
    private final T what;
    private R result;
    private RuntimeException failure;
    private boolean done;

    Wish(T what) {
      this.what = what;
    }
  }

  /**
   * @param work gives the results in the order of what it is given, and does all of it or, where it
   *     throws, nothing
   */
  Together(Function<List<T>, List<R>> work) {
    this.work = work;
  }

  /**
   * Does it, and returns when it is done. What fails together with others is tried once more by
   * itself.
   *
   * @throws RuntimeException what the work failed with
   */
  R apply(T what) {
    Wish mine = new Wish(what);
    List<Wish> group = join(mine);
    if (!group.isEmpty()) {
      try {
        attempt(group);
      } finally {
        leave(group);
      }
    }
    if (mine.failure != null) {
      throw mine.failure;
    }
    return mine.result;
  }

  /** Waits until it is done by another thread, or this one has to do all that has gathered. */
  private synchronized List<Wish> join(Wish mine) {
    gathered.add(mine);
    boolean interrupted = false;
    while (busy && !mine.done) {
      try {
        wait();
      } catch (InterruptedException e) {
        // Somebody may be doing it: how that ends has to be known.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    List<Wish> group = new ArrayList<>();
    if (!mine.done) {
      busy = true;
      gathered.remove(mine);
      group.add(mine);
      while (group.size() < MOST && !gathered.isEmpty()) {
        group.add(gathered.remove());
      }
    }
    return group;
  }

  private synchronized void leave(List<Wish> group) {
    group.forEach(wish -> wish.done = true);
    busy = false;
    notifyAll();
  }

  private void attempt(List<Wish> group) {
    try {
      List<R> results = work.apply(group.stream().map(wish -> wish.what).toList());
      for (int i = 0; i < group.size(); i++) {
        group.get(i).result = results.get(i);
      }
    } catch (RuntimeException e) {
      if (group.size() == 1) {
        group.get(0).failure = e;
      } else {
        group.forEach(wish -> attempt(List.of(wish)));
      }
    } catch (Error e) {
      // The others must not take it for done.
      group.forEach(wish -> wish.failure = new IllegalStateException(e));
      throw e;
    }
  }
}
