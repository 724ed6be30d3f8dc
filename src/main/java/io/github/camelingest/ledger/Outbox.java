package io.github.camelingest.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What is still to be done with objects in S3 after their load: {@link Ledger#loaded} puts it here,
 * in the transaction that makes them loaded. Waits while the database is away. Thread-safe.
 */
public final class Outbox {

  /**
   * How long others leave an action alone that somebody has taken. What a crashed instance had
   * taken waits this long; what takes longer may be done by two, which does no harm.
   */
  public static final Duration LEASE = Duration.ofMinutes(2);

  private final JdbcClient jdbc;
  private final Outages outages;

  public Outbox(DataSource dataSource, Outages outages) {
    this.jdbc = JdbcClient.create(dataSource);
    this.outages = outages;
  }

  /** What time it is for the database. */
  public Instant now() {
    return outages.outlast(
        attempt ->
            jdbc.sql("select clock_timestamp()").query(Timestamp.class).single().toInstant());
  }

  /**
   * Takes what is to be done with objects of a dataset, for this instance.
   *
   * @param due takes only what was due then, by the clock of the database
   * @param most how much at most
   */
  public List<DueAction> take(String dataset, Instant due, int most) {
    return outages.outlast(
        attempt ->
            jdbc.sql(
                    """
                    with next as (
                      select outbox.object_id from ingest.outbox
                      join ingest.object o on o.id = outbox.object_id
                      where o.dataset = :dataset and outbox.next_at <= :due
                      order by outbox.next_at
                      limit :most
                      for update of outbox skip locked
                    )
                    update ingest.outbox
                    set next_at = clock_timestamp() + :lease * interval '1 second'
                    from next
                    join ingest.object o on o.id = next.object_id
                    where outbox.object_id = next.object_id
                    returning outbox.object_id, action, move_to, outbox.attempts, outbox.next_at,
                      dataset, bucket, key, version_id, etag, coalesce(size, 0) as size
                    """)
                .param("dataset", dataset)
                .param("due", Timestamp.from(due))
                .param("most", most)
                .param("lease", LEASE.toSeconds())
                .query((row, n) -> action(row))
                .list());
  }

  private static DueAction action(ResultSet row) throws SQLException {
    return new DueAction(
        row.getLong("object_id"),
        new S3Object(
            row.getString("dataset"),
            row.getString("bucket"),
            row.getString("key"),
            row.getString("version_id"),
            row.getString("etag"),
            row.getLong("size")),
        new AfterLoad(AfterLoad.Action.of(row.getString("action")), row.getString("move_to")),
        row.getInt("attempts"),
        row.getTimestamp("next_at").toInstant());
  }

  /**
   * Forgets an action that is done, or need not be done any more. Does nothing where somebody else
   * has taken it meanwhile.
   */
  public void done(DueAction action) {
    outages.outlast(
        attempt ->
            jdbc.sql("delete from ingest.outbox where object_id = ? and next_at = ?")
                .params(action.objectId(), Timestamp.from(action.lease()))
                .update());
  }

  /** Lets an action that was not begun be taken at once. */
  public void release(DueAction action) {
    outages.outlast(
        attempt ->
            jdbc.sql(
                    "update ingest.outbox set next_at = clock_timestamp() where object_id = ? and next_at = ?")
                .params(action.objectId(), Timestamp.from(action.lease()))
                .update());
  }

  /**
   * Lets an action be tried again after 2, 8, 32, … seconds, at most an hour, for ever. Does
   * nothing where somebody else has taken it meanwhile.
   *
   * @param why it failed
   */
  public void failed(DueAction action, String why) {
    outages.outlast(
        attempt ->
            jdbc.sql(
                    """
                    update ingest.outbox
                    set attempts = attempts + 1, error = ?,
                        next_at = clock_timestamp() + least(2 * 4 ^ least(attempts, 6), 3600) * (0.9 + 0.2 * random()) * interval '1 second'
                    where object_id = ? and next_at = ?
                    """)
                .params(why, action.objectId(), Timestamp.from(action.lease()))
                .update());
  }

  /**
   * What waits of a dataset.
   *
   * @param actions whoever may be at them
   * @param error of the last attempt that failed; null where none did
   */
  public record Waiting(String dataset, long actions, String error) {}

  /** How many actions wait of a dataset, whoever may be at them. */
  public long waiting(String dataset) {
    return waiting().stream()
        .filter(waiting -> waiting.dataset().equals(dataset))
        .mapToLong(Waiting::actions)
        .sum();
  }

  /** What waits, of the datasets of which something does. */
  public List<Waiting> waiting() {
    return outages.outlast(
        attempt ->
            jdbc.sql(
                    """
                    select
                      o.dataset,
                      count(*) as actions,
                      (array_agg(b.error order by b.next_at desc) filter (where b.error is not null))[1] as error
                    from ingest.outbox b
                    join ingest.object o on o.id = b.object_id
                    group by o.dataset
                    order by o.dataset
                    """)
                .query(Waiting.class)
                .list());
  }
}
