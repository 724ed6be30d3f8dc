package io.github.camelingest.app;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A fixed number of threads without a queue: whoever brings a task while all are busy waits, and
 * has his turn in the order of coming. That is what makes reading pause when PostgreSQL is slow,
 * and what keeps a large object from holding up the others.
 */
public final class BlockingExecutor extends ThreadPoolExecutor {

  public BlockingExecutor(int threads) {
    super(
        threads,
        threads,
        0,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(true),
        BlockingExecutor::await);
  }

  private static void await(Runnable task, ThreadPoolExecutor executor) {
    try {
      if (executor.isShutdown()) {
        throw new RejectedExecutionException("the application is stopping");
      }
      executor.getQueue().put(task);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RejectedExecutionException(e);
    }
  }
}
