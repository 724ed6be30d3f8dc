package io.github.camelingest.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Who loads which object: takes objects for this instance, holds them and gives them back. Waits
 * while the database is away. Thread-safe.
 */
public final class Claims {

  /** An object of up to so many bytes is small, unless it is compressed. */
  public static final int SMALL_BYTES = 64 * 1024;

  /** So many small objects are claimed at once, and share batches and transactions. */
  public static final int TOGETHER = 32;

  /** How long a claim holds without a sign of life. A crashed instance's objects wait this long. */
  public static final Duration LEASE = Duration.ofSeconds(20);

  /** How often a living instance should renew its leases: three may fail before a lease is lost. */
  public static final Duration HEARTBEAT = LEASE.dividedBy(4);

  /** Makes the objects that {@code next} names this instance's. */
  private static final String TAKE =
      """
      update ingest.object o
      set state = 'loading', owner = :owner, epoch = epoch + 1, lease_until = clock_timestamp() + :lease * interval '1 second',
          attempts = attempts + 1, started_at = coalesce(started_at, clock_timestamp()), retry_at = null
      from next
      where o.id = next.id
      returning o.id, dataset, bucket, key, version_id, etag, coalesce(size, 0) as size, epoch, committed::text,
        committed_bytes::text, rows, rejected, plain, replay, held_back
      """;

  private final JdbcClient jdbc;
  private final Outages outages;
  private final String owner;

  /**
   * @param owner names this running instance; no two instances may share it
   */
  public Claims(DataSource dataSource, Outages outages, String owner) {
    this.jdbc = JdbcClient.create(dataSource);
    this.outages = outages;
    this.owner = owner;
  }

  /** Names this running instance. */
  public String owner() {
    return owner;
  }

  /**
   * Takes objects of a dataset that wait, for this instance: those whose owner died, those that are
   * to be tried again, and of all others the ones that S3 took first; each kind has its turn.
   *
   * @param prefix only objects whose keys begin so
   * @param again whether also those that have failed before
   * @param running what is being loaded here, and is left alone even if its lease ran out
   * @param most how many at most; small ones may be more, up to {@value #TOGETHER} in all
   */
  public List<Claim> take(
      String dataset, String prefix, boolean again, Collection<Long> running, int most) {
    return outages.outlast(
        attempt ->
            jdbc.sql(
                    """
                    with dead as (
                      select id, size from ingest.object
                      where dataset = :dataset %1$s and state = 'loading' and not by_command
                      and lease_until < clock_timestamp() and id <> all(:running)
                      limit :together
                      for update skip locked
                    ), again as (
                      select id, size from ingest.object
                      where dataset = :dataset %1$s and state = 'discovered' and not by_command and :again
                      and retry_at < statement_timestamp()
                      order by retry_at
                      limit :together
                      for update skip locked
                    ), new as (
                      select id, size from ingest.object
                      where dataset = :dataset %1$s and state = 'discovered' and not by_command and retry_at is null
                      order by coalesce(last_modified, discovered_at)
                      limit :together
                      for update skip locked
                    ), next as (
                      select id from (
                        -- Where there is one place, each kind gets it now and then.
                        select id, size, row_number() over (order by n, random()) as place
                        from (
                          select id, size, 1 as n from dead
                          union all
                          select id, size, row_number() over () from again
                          union all
                          select id, size, row_number() over () from new
                        ) waiting
                      ) placed
                      where place <= :most or place <= :together and size <= :small
                    )
                    """
                            .formatted(Backlog.under(prefix))
                        + TAKE)
                .param("dataset", dataset)
                .param("prefix", prefix)
                .param("again", again)
                .param("running", running.toArray(Long[]::new))
                .param("most", most)
                .param("together", Math.max(most, TOGETHER))
                .param("small", SMALL_BYTES)
                .param("owner", owner)
                .param("lease", LEASE.toSeconds())
                .query((row, n) -> claim(row))
                .list());
  }

  /**
   * Takes objects that a command wants loaded again. They are left to that command: another
   * instance may not know the routes that were mended.
   *
   * @param command when it was given
   * @param running what is being loaded here, and is left alone even if its lease ran out
   * @param most how many at most; small ones may be more, up to {@value #TOGETHER} in all
   */
  public List<Claim> takeReplays(
      String dataset, Instant command, Collection<Long> running, int most) {
    return outages.outlast(
        attempt ->
            jdbc.sql(
                    """
                    with waiting as (
                      select id, size from ingest.object
                      where replay and by_command and dataset = :dataset and discovered_at = :command
                      and (
                        state = 'discovered' and coalesce(retry_at < clock_timestamp(), true)
                        or state = 'loading' and lease_until < clock_timestamp() and id <> all(:running)
                      )
                      order by id
                      limit :together
                      for update skip locked
                    ), next as (
                      select id from (
                        select id, size, row_number() over (order by id) as place
                        from waiting
                      ) placed
                      where place <= :most or size <= :small
                    )
                    """
                        + TAKE)
                .param("dataset", dataset)
                .param("command", Timestamp.from(command))
                .param("running", running.toArray(Long[]::new))
                .param("most", most)
                .param("together", Math.max(most, TOGETHER))
                .param("small", SMALL_BYTES)
                .param("owner", owner)
                .param("lease", LEASE.toSeconds())
                .query((row, n) -> claim(row))
                .list());
  }

  private static Claim claim(ResultSet row) throws SQLException {
    S3Object object =
        new S3Object(
            row.getString("dataset"),
            row.getString("bucket"),
            row.getString("key"),
            row.getString("version_id"),
            row.getString("etag"),
            row.getLong("size"));
    LineRanges lines = LineRanges.parse(row.getString("committed"));
    return new Claim(
        object,
        row.getLong("id"),
        row.getLong("epoch"),
        start(lines, row.getString("committed_bytes")),
        lines,
        row.getLong("rows"),
        row.getLong("rejected"),
        row.getBoolean("plain"),
        row.getBoolean("replay"),
        row.getBoolean("held_back"));
  }

  private static Position start(LineRanges lines, String committedBytes) {
    if (committedBytes == null || !lines.contains(1)) {
      return Position.START;
    }
    LineRanges bytes = LineRanges.parse(committedBytes);
    return new Position(lines.endOfRangeWith(1) - 1, bytes.endOfRangeWith(0));
  }

  /**
   * Gives an unfinished object back, so that anyone may go on with it at once. Does nothing where
   * the claim is lost.
   */
  public void release(Claim claim) {
    giveBack(claim, "state = 'discovered', error = null", List.of());
  }

  /**
   * Gives an object back whose load met a server that was away, to be tried again after 2, 4, 8, …
   * seconds, and at last every half a minute.
   *
   * @param error what happened
   */
  public void postpone(Claim claim, String error) {
    giveBack(
        claim,
        """
        state = 'discovered', error = ?,
        retry_at = clock_timestamp() + 2 * 2 ^ least(attempts - 1, 4) * (0.9 + 0.2 * random()) * interval '1 second'
        """,
        List.of(error));
  }

  /**
   * Gives an object back that nobody may read, to be tried again after 2, 8, 32, … seconds, and at
   * last every ten minutes: whoever may allow it is not asked too often.
   *
   * @param error what S3 said
   */
  public void defer(Claim claim, String error) {
    giveBack(
        claim,
        """
        state = 'discovered', error = ?,
        retry_at = clock_timestamp() + least(2 * 4 ^ least(attempts - 1, 6), 600) * (0.9 + 0.2 * random()) * interval '1 second'
        """,
        List.of(error));
  }

  /**
   * Makes an object {@code failed} that is in an archive. It is to be loaded once a notification or
   * a listing says that it is restored.
   *
   * @param error what a person should know of it
   */
  public void archived(Claim claim, String error) {
    giveBack(claim, "state = 'failed', archived = true, error = ?", List.of(error));
  }

  /**
   * Gives an object back whose load failed, to be tried again after 2, 8, 32, … seconds.
   *
   * @param error why
   * @param maxAttempts so many failures in a row, without a line committed, make it {@code failed}
   * @return whether it is {@code failed} now
   */
  public boolean fail(Claim claim, String error, int maxAttempts) {
    giveBack(
        claim,
        """
        failures = failures + 1, error = ?, state = case when failures + 1 >= ? then 'failed' else 'discovered' end,
        retry_at = clock_timestamp() + least(2 * 4 ^ least(failures, 6), 3600) * (0.9 + 0.2 * random()) * interval '1 second'
        """,
        List.of(error, maxAttempts));
    return outages.outlast(
        attempt ->
            jdbc.sql("select state = 'failed' from ingest.object where id = ?")
                .param(claim.objectId())
                .query(Boolean.class)
                .single());
  }

  private void giveBack(Claim claim, String how, List<Object> parameters) {
    outages.outlast(
        attempt ->
            jdbc.sql(
                    """
                    update ingest.object set %s, owner = null, lease_until = null
                    where id = ? and epoch = ? and state = 'loading'
                    """
                        .formatted(how))
                .params(parameters)
                .params(claim.objectId(), claim.epoch())
                .update());
  }

  /**
   * Renews the leases of loads that are running here. A lease that ran out meanwhile is good again
   * unless somebody else has claimed the object: then the epoch tells.
   *
   * @param objectIds what is running; anything else of this instance is left to whoever comes
   */
  public void heartbeat(Collection<Long> objectIds) {
    outages.outlast(
        attempt ->
            jdbc.sql(
                    """
                    update ingest.object set lease_until = clock_timestamp() + ? * interval '1 second'
                    where owner = ? and state = 'loading'
                    -- An entry that its own load is about to end is locked, and needs no lease any more.
                    and id in (select id from ingest.object where id = any (?) for no key update skip locked)
                    """)
                .params(LEASE.toSeconds(), owner, objectIds.toArray(Long[]::new))
                .update());
  }
}
