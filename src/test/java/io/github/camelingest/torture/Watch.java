package io.github.camelingest.torture;

import io.github.camelingest.it.Space;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.dao.DataAccessException;

/**
 * Watches a promise all the time: a message is deleted only once its objects stand in the ledger.
 * So whenever the queue holds no message at all, the ledger knows everything uploaded before.
 */
final class Watch implements AutoCloseable {

  private static final long EVERY_MILLIS = 50;
  private static final long END_PATIENCE_SECONDS = 30;
  private static final int SHOWN = 3;

  private final Space space;
  private final Corpus corpus;
  private final Complaints complaints;
  private final Tally tally;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread daemon = new Thread(task, "watch");
            daemon.setDaemon(true);
            return daemon;
          });

  Watch(Space space, Corpus corpus, Complaints complaints, Tally tally) {
    this.space = space;
    this.corpus = corpus;
    this.complaints = complaints;
    this.tally = tally;
  }

  void start() {
    thread.scheduleWithFixedDelay(this::safely, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void safely() {
    try {
      look();
    } catch (DataAccessException e) {
      // The database is away: it cannot be asked now.
    } catch (RuntimeException e) {
      complaints.add("the watch cannot go on: " + e);
      throw e;
    }
  }

  private void look() {
    Map<String, String> uploaded = corpus.current();
    if (!complaints.isEmpty() || space.messages() > 0) {
      return;
    }
    List<String> lost = new ArrayList<>();
    for (String[] object : unknown(uploaded)) {
      if (corpus.isCurrent(object[0], object[1])) {
        lost.add(object[0]);
      }
    }
    tally.count("times the queue was seen empty");
    if (!lost.isEmpty()) {
      complaints.add(
          "a message was deleted before its object stood in the ledger: the queue is empty and %d objects are not there, such as %s"
              .formatted(lost.size(), lost.subList(0, Math.min(SHOWN, lost.size()))));
    }
  }

  /** Ends after the look that is under way. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      thread.awaitTermination(END_PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Of these objects those that the ledger does not know: key, etag. */
  private List<String[]> unknown(Map<String, String> objects) {
    Set<String> keys = objects.keySet();
    return space
        .sql()
        .sql(
            """
            select u.key, u.etag
            from unnest(?, ?) as u (key, etag)
            where not exists (select from ingest.object o where o.key = u.key and o.etag = u.etag)
            order by 1
            """)
        .params(keys.toArray(String[]::new), keys.stream().map(objects::get).toArray(String[]::new))
        .query((row, n) -> new String[] {row.getString(1), row.getString(2)})
        .list();
  }
}
