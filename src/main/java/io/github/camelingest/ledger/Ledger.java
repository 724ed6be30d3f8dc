package io.github.camelingest.ledger;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Schema {@code ingest}: which object is in which state and which of its lines are committed.
 *
 * <p>Every method joins the transaction of the calling thread where there is one, else it is a
 * transaction of its own. Thread-safe.
 */
public final class Ledger {

  /** How long a claim holds without a sign of life. A crashed instance's objects wait this long. */
  static final Duration LEASE = Duration.ofSeconds(60);

  /** How often a living instance should renew its leases: twice may fail before a lease is lost. */
  public static final Duration HEARTBEAT = LEASE.dividedBy(3);

  private final JdbcClient jdbc;
  private final JdbcTemplate batches;
  private final String owner;

  /**
   * @param owner names this running instance; no two instances may share it
   */
  public Ledger(DataSource dataSource, String owner) {
    this.jdbc = JdbcClient.create(dataSource);
    this.batches = new JdbcTemplate(dataSource);
    this.owner = owner;
  }

  /**
   * Takes the object for this instance, entering it into the ledger if it is new.
   *
   * @return the claim, or nothing where the object needs no load or another instance holds it;
   *     {@link #isLoading} tells which
   */
  public Optional<Claim> claim(S3Object object) {
    discover(object);
    return jdbc.sql(
            """
            update ingest.object
            set state = 'loading', owner = :owner, epoch = epoch + 1, lease_until = clock_timestamp() + :lease * interval '1 second',
                attempts = attempts + 1, started_at = coalesce(started_at, clock_timestamp())
            where id = (
              select id from ingest.object
              where bucket = :bucket and key = :key and etag = :etag
              and (version_id = :version or version_id = '' or :version = '')
              and (state = 'discovered' or state = 'loading' and (lease_until < clock_timestamp() or owner = :owner))
              order by id
              limit 1
              for update
            )
            returning id, epoch, committed::text
            """)
        .param("owner", owner)
        .param("lease", LEASE.toSeconds())
        .param("bucket", object.bucket())
        .param("key", object.key())
        .param("etag", object.etag())
        .param("version", object.versionId())
        .query(
            (row, n) ->
                new Claim(
                    object, row.getLong(1), row.getLong(2), LineRanges.parse(row.getString(3))))
        .optional();
  }

  /**
   * Enters the object if it is new. A listing names no version, a notification does: either finds
   * the other's entry.
   */
  private void discover(S3Object object) {
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

  /** Whether somebody holds a claim on the object. */
  public boolean isLoading(S3Object object) {
    return jdbc.sql(
            """
            select exists (
              select from ingest.object
              where bucket = ? and key = ? and etag = ? and (version_id = ? or version_id = '' or ? = '')
              and state = 'loading'
            )
            """)
        .params(
            object.bucket(), object.key(), object.etag(), object.versionId(), object.versionId())
        .query(Boolean.class)
        .single();
  }

  /**
   * Of the objects given, those that still need a load, in the order given. One query for all of
   * them.
   */
  public List<S3Object> unfinished(List<S3Object> objects) {
    Set<String> finished =
        jdbc.sql(
                """
                select l.bucket || '/' || l.key || '#' || l.etag
                from unnest(?, ?, ?) as listed (bucket, key, etag)
                join ingest.object l on l.bucket = listed.bucket and l.key = listed.key and l.etag = listed.etag
                where l.state not in ('discovered', 'loading')
                """)
            .params(
                objects.stream().map(S3Object::bucket).toArray(String[]::new),
                objects.stream().map(S3Object::key).toArray(String[]::new),
                objects.stream().map(S3Object::etag).toArray(String[]::new))
            .query(String.class)
            .set();
    return objects.stream().filter(o -> !finished.contains(o.identity())).toList();
  }

  /** Notes what S3 said of the object when it was opened. */
  public void opened(Claim claim, Instant lastModified, long size) {
    fenced(
        claim,
        jdbc.sql(
                "update ingest.object set last_modified = ?, size = ? where id = ? and owner = ? and epoch = ?")
            .params(Timestamp.from(lastModified), size, claim.objectId(), owner, claim.epoch())
            .update());
  }

  /**
   * Writes what a batch did: rejected lines and progress of each of its objects. Belongs in the
   * transaction of the batch's rows.
   *
   * @throws ClaimLostException if one of the claims is no longer ours; the transaction must roll
   *     back
   */
  public void commit(List<Progress> batch) {
    // In one order for all writers, so that two batches with the same objects never deadlock.
    for (Progress p :
        batch.stream().sorted(Comparator.comparing(b -> b.claim().objectId())).toList()) {
      batches.batchUpdate(
          "insert into ingest.rejected_line (object_id, line, reason, message, sqlstate, raw) values (?, ?, ?, ?, ?, ?)",
          p.rejected(),
          500,
          (insert, rejected) -> {
            insert.setLong(1, p.claim().objectId());
            insert.setLong(2, rejected.line());
            insert.setString(3, rejected.reason());
            insert.setString(4, rejected.message());
            insert.setString(5, rejected.sqlState());
            insert.setBytes(6, rejected.raw());
          });
      progress(p);
    }
  }

  private void progress(Progress p) {
    fenced(
        p.claim(),
        jdbc.sql(
                """
                update ingest.object
                set committed = committed + int8multirange(int8range(?, ?)), rows = rows + ?, rejected = rejected + ?,
                    blank = blank + ?, filtered = filtered + ?, lease_until = clock_timestamp() + ? * interval '1 second'
                where id = ? and owner = ? and epoch = ? and state = 'loading'
                """)
            .params(
                p.fromLine(),
                p.toLine() + 1,
                p.rows(),
                (long) p.rejected().size(),
                p.blank(),
                p.filtered(),
                LEASE.toSeconds(),
                p.claim().objectId(),
                owner,
                p.claim().epoch())
            .update());
  }

  /**
   * Marks the object loaded.
   *
   * @param lines lines of the whole object
   * @param rest what lies behind the last line of the last batch
   */
  public void loaded(Progress rest, long lines) {
    if (rest.fromLine() <= rest.toLine()) {
      progress(rest);
    }
    fenced(
        rest.claim(),
        jdbc.sql(
                """
                update ingest.object
                set state = 'loaded', lines = ?, owner = null, lease_until = null, error = null, loaded_at = clock_timestamp()
                where id = ? and owner = ? and epoch = ? and state = 'loading'
                """)
            .params(lines, rest.claim().objectId(), owner, rest.claim().epoch())
            .update());
  }

  /** Ends a load for good without rows, as {@code gone} or {@code superseded}. */
  public void closed(Claim claim, String state, String why) {
    fenced(
        claim,
        jdbc.sql(
                """
                update ingest.object
                set state = ?, error = ?, owner = null, lease_until = null
                where id = ? and owner = ? and epoch = ?
                """)
            .params(state, why, claim.objectId(), owner, claim.epoch())
            .update());
  }

  /**
   * Gives an unfinished object back, so that anyone may go on with it at once. Does nothing where
   * the claim is lost.
   *
   * @param error why the load ended, or null where it was told to stop
   */
  public void release(Claim claim, String error) {
    jdbc.sql(
            """
            update ingest.object
            set state = 'discovered', error = ?, owner = null, lease_until = null
            where id = ? and owner = ? and epoch = ? and state = 'loading'
            """)
        .params(error, claim.objectId(), owner, claim.epoch())
        .update();
  }

  /** Renews the leases of this instance. */
  public void heartbeat() {
    jdbc.sql(
            """
            update ingest.object set lease_until = clock_timestamp() + ? * interval '1 second'
            where owner = ? and state = 'loading' and lease_until > clock_timestamp()
            """)
        .params(LEASE.toSeconds(), owner)
        .update();
  }

  /** Counts per dataset, for status. */
  public List<DatasetStatus> status() {
    return jdbc.sql(
            """
            select
              dataset,
              count(*) filter (where state = 'discovered') as waiting,
              count(*) filter (where state = 'loading') as loading,
              count(*) filter (where state = 'loaded') as loaded,
              count(*) filter (where state in ('failed', 'superseded', 'gone')) as ended,
              coalesce(sum(rows), 0) as rows,
              coalesce(sum(rejected), 0) as rejected,
              max(loaded_at) as last_loaded
            from ingest.object
            group by dataset
            order by dataset
            """)
        .query(
            (row, n) ->
                new DatasetStatus(
                    row.getString("dataset"),
                    row.getLong("waiting"),
                    row.getLong("loading"),
                    row.getLong("loaded"),
                    row.getLong("ended"),
                    row.getLong("rows"),
                    row.getLong("rejected"),
                    Optional.ofNullable(row.getTimestamp("last_loaded"))
                        .map(Timestamp::toInstant)
                        .orElse(null)))
        .list();
  }

  private static void fenced(Claim claim, int updated) {
    if (updated != 1) {
      throw new ClaimLostException(claim);
    }
  }
}
