package io.github.camelingest.afterload;

import io.github.camelingest.ledger.DueAction;
import io.github.camelingest.ledger.LogContext;
import io.github.camelingest.ledger.Outbox;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Does with loaded objects in S3 what their datasets want: each action is taken from the outbox of
 * the ledger, and leaves it once it is done or its object is not the one any more that was loaded.
 * Thread-safe.
 */
public final class Actions {

  private static final Logger LOG = LoggerFactory.getLogger(Actions.class);

  /** What S3 copies in one request: 5 GB (Amazon S3 API Reference, "CopyObject"). */
  public static final long COPIED_AT_ONCE = 5_000_000_000L;

  private static final int TAKEN_AT_ONCE = 20;

  private final Outbox outbox;
  private final Function<String, S3Client> s3;
  private final long copiedAtOnce;
  private volatile boolean stopping;
  private int running;

  /**
   * @param s3 the client for the objects of a dataset
   * @param copiedAtOnce larger objects are copied in parts of so many bytes
   */
  public Actions(Outbox outbox, Function<String, S3Client> s3, long copiedAtOnce) {
    this.outbox = outbox;
    this.s3 = s3;
    this.copiedAtOnce = copiedAtOnce;
  }

  /**
   * Takes what is due by now of a dataset, a few actions at a time, until nothing of that is left.
   * What fails meanwhile is not due again by now.
   */
  public Iterator<List<DueAction>> due(String dataset) {
    Instant now = outbox.now();
    return new Iterator<>() {
      private List<DueAction> next = List.of();

      @Override
      public boolean hasNext() {
        if (next.isEmpty() && !stopping) {
          next = outbox.take(dataset, now, TAKEN_AT_ONCE);
        }
        return !next.isEmpty();
      }

      @Override
      public List<DueAction> next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        List<DueAction> taken = next;
        next = List.of();
        return taken;
      }
    };
  }

  /** Does it, or lets it be tried again later. */
  public void carryOut(DueAction action) {
    if (!begin()) {
      outbox.release(action);
      return;
    }
    try {
      LogContext.of(action.object(), () -> attempt(action));
    } finally {
      end();
    }
  }

  private void attempt(DueAction action) {
    String location = action.object().location();
    try {
      LOG.info("{}: {}", location, did(action));
    } catch (ChangedException e) {
      LOG.info("{}: nothing to do: it is gone, or was overwritten after its load", location);
    } catch (RuntimeException e) {
      failed(action, e);
      return;
    }
    outbox.done(action);
  }

  private String did(DueAction action) {
    LoadedObject object = new LoadedObject(s3.apply(action.object().dataset()), action.object());
    switch (action.what().action()) {
      case TAG -> {
        object.tag();
        return "tagged as loaded";
      }
      case MOVE -> {
        String destination = action.what().destination(action.object().key());
        object.move(destination, copiedAtOnce);
        return "moved to " + destination;
      }
      case DELETE -> {
        object.delete();
        return "deleted";
      }
      default -> throw new IllegalStateException(action.toString());
    }
  }

  private void failed(DueAction action, RuntimeException cause) {
    // PostgreSQL's text cannot hold U+0000; this is its picture.
    String why =
        String.valueOf(cause.getMessage()).replaceAll("\\s*\\R\\s*", "; ").replace('\0', '\u2400');
    outbox.failed(action, why);
    if (action.attempts() == 0) {
      LOG.warn(
          "{}: loaded, but not {}, will be tried again: {}",
          action.object().location(),
          action.what().action().done(),
          why,
          cause);
    } else {
      LOG.debug("{}: attempt {}", action.object().location(), action.attempts() + 1, cause);
    }
  }

  private synchronized boolean begin() {
    if (!stopping) {
      running++;
    }
    return !stopping;
  }

  private synchronized void end() {
    running--;
    notifyAll();
  }

  /** From now on nothing more is begun. */
  public synchronized void stop() {
    stopping = true;
  }

  /** Waits until nothing is being done any more, or for so long. */
  public synchronized void awaitEnd(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    long left = atMost.toMillis();
    while (running > 0 && left > 0) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    }
  }
}
