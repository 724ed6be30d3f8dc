package io.github.camelingest.torture;

import io.github.camelingest.it.Space;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The wait, after the last harm, until the queue is empty and every object is loaded. */
final class Drain {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final long LOOK_AGAIN_MILLIS = 200;

  private final Space space;
  private final String[] keys;
  private final String[] etags;

  /**
   * @param objects keys and etags of the objects in the bucket
   */
  Drain(Space space, Map<String, String> objects) {
    this.space = space;
    keys = objects.keySet().toArray(String[]::new);
    etags = Arrays.stream(keys).map(objects::get).toArray(String[]::new);
  }

  /** What is wrong if it takes too long. */
  Optional<String> await() throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (space.messages() > 0 || !unfinished().isEmpty()) {
      if (System.nanoTime() > deadline) {
        return Optional.of(
            "not everything is loaded %d s after the last harm: %d messages in the queue; not loaded: %s"
                .formatted(PATIENCE.toSeconds(), space.messages(), unfinished()));
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
    }
    return Optional.empty();
  }

  /** The first few that are not loaded. */
  private List<String> unfinished() {
    return space
        .sql()
        .sql(
            """
            select format('%s: %s, %s attempts, lease until %s, %s', u.key, coalesce(o.state, 'not in the ledger'),
              o.attempts, o.lease_until, o.error)
            from unnest(?, ?) as u (key, etag)
            left join ingest.object o on o.key = u.key and o.etag = u.etag
            where o.state is distinct from 'loaded'
            order by u.key
            limit 5
            """)
        .params(keys, etags)
        .query(String.class)
        .list();
  }
}
