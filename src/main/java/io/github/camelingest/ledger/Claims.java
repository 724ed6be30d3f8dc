package io.github.camelingest.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Who loads which object: takes objects for this instance, holds them and gives them back. Waits
 * while the database is away. Thread-safe.
 */
public final class Claims {

  /** How long a claim holds without a sign of life. A crashed instance's objects wait this long. */
  public static final Duration LEASE = Duration.ofSeconds(20);

  /** How often a living instance should renew its leases: three may fail before a lease is lost. */
  public static final Duration HEARTBEAT = LEASE.dividedBy(4);

  /**
   * Of the entries {@code o} of one content, the last one if none holds or may come to hold: what
   * it says may be true no more.
   */
  private static final String MAY_BE_BACK =
      """
      o.state in ('superseded', 'gone') and not exists (
        select from ingest.object other
        where other.bucket = o.bucket and other.key = o.key and other.etag = o.etag and other.version_id = o.version_id
        and (other.id > o.id or other.state not in ('superseded', 'gone'))
      )
      """;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Outages outages;
  private final String owner;

  /**
   * @param owner names this running instance; no two instances may share it
   */
  public Claims(DataSource dataSource, Outages outages, String owner) {
    this.jdbc = JdbcClient.create(dataSource);
    this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    this.outages = outages;
    this.owner = owner;
  }

  /**
   * Takes the object for this instance, entering it into the ledger if it is new. A version that
   * was gone or superseded may be back: S3 will tell.
   *
   * @param byCommand whether a command wants it loaded again; nobody else takes what waits for that
   * @return the claim, or nothing where the object needs no load or has to wait; {@link
   *     #isUnfinished} tells which
   */
  public Optional<Claim> claim(S3Object object, boolean byCommand) {
    return outages.outlast(
        attempt ->
            transaction.execute(
                status -> {
                  enter(object);
                  return take(object, byCommand);
                }));
  }

  private Optional<Claim> take(S3Object object, boolean byCommand) {
    return jdbc.sql(
            """
            update ingest.object
            set state = 'loading', owner = :owner, epoch = epoch + 1, lease_until = clock_timestamp() + :lease * interval '1 second',
                attempts = attempts + 1, started_at = coalesce(started_at, clock_timestamp()), retry_at = null,
                by_command = :byCommand
            where id = (
              select id from ingest.object o
              where bucket = :bucket and key = :key and etag = :etag
              and (version_id = :version or version_id = '' or :version = '')
              and (
                %s
                or state = 'discovered' and by_command = :byCommand and coalesce(retry_at < clock_timestamp(), true)
                or state = 'loading' and by_command = :byCommand and (lease_until < clock_timestamp() or owner = :owner)
              )
              order by id
              limit 1
              for update skip locked
            )
            returning id, epoch, committed::text, committed_bytes::text, rows, rejected, plain, replay
            """
                .formatted(MAY_BE_BACK))
        .param("owner", owner)
        .param("byCommand", byCommand)
        .param("lease", LEASE.toSeconds())
        .param("bucket", object.bucket())
        .param("key", object.key())
        .param("etag", object.etag())
        .param("version", object.versionId())
        .query((row, n) -> claim(object, row))
        .optional();
  }

  private static Claim claim(S3Object object, ResultSet row) throws SQLException {
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
        row.getBoolean("replay"));
  }

  private static Position start(LineRanges lines, String committedBytes) {
    if (committedBytes == null || !lines.contains(1)) {
      return Position.START;
    }
    LineRanges bytes = LineRanges.parse(committedBytes);
    return new Position(lines.endOfRangeWith(1) - 1, bytes.endOfRangeWith(0));
  }

  /** Enters the object as one to load: if it is new, or was gone or superseded and is back. */
  public void discover(S3Object object) {
    outages.outlast(
        attempt -> {
          enter(object);
          return jdbc.sql(
                  """
                  update ingest.object o set state = 'discovered', error = null, by_command = false
                  where bucket = ? and key = ? and etag = ? and version_id in (?, '') and %s
                  """
                      .formatted(MAY_BE_BACK))
              .params(object.bucket(), object.key(), object.etag(), object.versionId())
              .update();
        });
  }

  /** A listing names no version, a notification does: either finds the other's entry. */
  private void enter(S3Object object) {
    jdbc.sql(
            """
            insert into ingest.object (dataset, bucket, key, version_id, etag, size)
            select :dataset, :bucket, :key, :version, :etag, :size
            where not exists (
              select from ingest.object
              where bucket = :bucket and key = :key and etag = :etag
              and (version_id = :version or version_id = '' or :version = '')
            )
            on conflict do nothing
            """)
        .param("dataset", object.dataset())
        .param("bucket", object.bucket())
        .param("key", object.key())
        .param("version", object.versionId())
        .param("etag", object.etag())
        .param("size", object.size())
        .update();
  }

  /** Whether the object waits for anybody to load it, or somebody holds a claim on it. */
  public boolean isUnfinished(S3Object object) {
    return outages.outlast(
        attempt ->
            jdbc.sql(
                    """
                    select exists (
                      select from ingest.object
                      where bucket = ? and key = ? and etag = ? and (version_id = ? or version_id = '' or ? = '')
                      and (state = 'discovered' and not by_command or state = 'loading')
                    )
                    """)
                .params(
                    object.bucket(),
                    object.key(),
                    object.etag(),
                    object.versionId(),
                    object.versionId())
                .query(Boolean.class)
                .single());
  }

  /**
   * Gives an unfinished object back, so that anyone may go on with it at once. Does nothing where
   * the claim is lost.
   */
  public void release(Claim claim) {
    giveBack(claim, "state = 'discovered', error = null", List.of());
  }

  /**
   * Gives an object back whose load met a server that was away, to be tried again soon.
   *
   * @param error what happened
   */
  public void postpone(Claim claim, String error) {
    giveBack(
        claim,
        "state = 'discovered', error = ?, retry_at = clock_timestamp() + interval '2 seconds'",
        List.of(error));
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

  /** Lets objects of a dataset be tried at once that wait after a failed attempt. */
  public void retryNow(String dataset) {
    outages.outlast(
        attempt ->
            jdbc.sql(
                    "update ingest.object set retry_at = null where dataset = ? and state = 'discovered'")
                .param(dataset)
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
