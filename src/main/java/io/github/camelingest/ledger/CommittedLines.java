package io.github.camelingest.ledger;

import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Which lines of objects are committed. Every method belongs in the transaction of a batch's rows,
 * which the calling thread has. Thread-safe.
 */
public final class CommittedLines {

  /** Up to 4 MB. */
  private static final int REJECTED_AT_ONCE = 500;

  private final JdbcClient jdbc;

  public CommittedLines(DataSource dataSource) {
    this.jdbc = JdbcClient.create(dataSource);
  }

  /**
   * Writes what a batch did: rejected lines and progress of each of its objects.
   *
   * @throws ClaimLostException if one of the claims is no longer ours; the transaction must roll
   *     back
   */
  public void add(List<Progress> batch) {
    if (batch.size() > 1) {
      lock(batch);
    }
    Set<Held> ours = progress(batch);
    for (Progress p : batch) {
      if (!ours.contains(new Held(p.claim().objectId(), p.claim().epoch()))) {
        throw new ClaimLostException(p.claim());
      }
      for (int from = 0; from < p.rejected().size(); from += REJECTED_AT_ONCE) {
        int to = Math.min(from + REJECTED_AT_ONCE, p.rejected().size());
        insert(p.claim().objectId(), p.rejected().subList(from, to));
      }
    }
  }

  /** A claim that is good. */
  private record Held(long id, long epoch) {}

  /** In one order for all writers, so that two batches with the same objects never deadlock. */
  private void lock(List<Progress> batch) {
    jdbc.sql("select id from ingest.object where id = any (?) order by id for no key update")
        .param(numbers(batch, p -> p.claim().objectId()))
        .query()
        .listOfRows();
  }

  private void insert(long objectId, List<RejectedLine> rejected) {
    jdbc.sql(
            """
            insert into ingest.rejected_line (object_id, line, reason, message, sqlstate, raw)
            select ?, * from unnest(?, ?, ?, ?, ?)
            """)
        .params(
            objectId,
            rejected.stream().map(RejectedLine::line).toArray(Long[]::new),
            rejected.stream().map(RejectedLine::reason).toArray(String[]::new),
            rejected.stream().map(RejectedLine::message).toArray(String[]::new),
            rejected.stream().map(RejectedLine::sqlState).toArray(String[]::new),
            rejected.stream().map(RejectedLine::raw).toArray(byte[][]::new))
        .update();
  }

  /**
   * Whether a batch that was tried before is in the database: its connection may have broken when
   * the commit was on its way. Waits until that is decided.
   */
  public boolean has(List<Progress> batch) {
    return batch.stream()
        .allMatch(
            p ->
                jdbc.sql(
                        "select committed @> int8range(?, ?) from ingest.object where id = ? for update")
                    .params(p.from().lines() + 1, p.to().lines() + 1, p.claim().objectId())
                    .query(Boolean.class)
                    .single());
  }

  /** Notes what was done under claims that are good, and tells which those are. */
  private Set<Held> progress(List<Progress> batch) {
    return jdbc.sql(
            """
            update ingest.object o
            set committed = committed + int8multirange(int8range(first_line, next_line)),
                committed_bytes = committed_bytes + int8multirange(int8range(first_byte, next_byte)),
                rows = o.rows + p.rows, rejected = o.rejected + p.rejected, blank = o.blank + p.blank,
                filtered = o.filtered + p.filtered, failures = 0, lease_until = clock_timestamp() + ? * interval '1 second'
            from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
              as p (id, epoch, first_line, next_line, first_byte, next_byte, rows, rejected, blank, filtered)
            where o.id = p.id and o.epoch = p.epoch and o.state = 'loading'
            returning o.id, o.epoch
            """)
        .params(
            Claims.LEASE.toSeconds(),
            numbers(batch, p -> p.claim().objectId()),
            numbers(batch, p -> p.claim().epoch()),
            numbers(batch, p -> p.from().lines() + 1),
            numbers(batch, p -> p.to().lines() + 1),
            numbers(batch, p -> p.from().bytes()),
            numbers(batch, p -> p.to().bytes()),
            numbers(batch, Progress::rows),
            numbers(batch, p -> p.rejected().size()),
            numbers(batch, Progress::blank),
            numbers(batch, Progress::filtered))
        .query(Held.class)
        .set();
  }

  /** One number of each, as PostgreSQL takes an array. */
  static <T> Long[] numbers(List<T> all, ToLongFunction<T> number) {
    return all.stream().map(number::applyAsLong).toArray(Long[]::new);
  }
}
