package io.github.camelingest.ledger;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Which lines of an object are committed, and how its load ends. All of it needs a claim that is
 * still good.
 *
 * <p>Every method joins the transaction of the calling thread where there is one; else it is a
 * transaction of its own, and waits while the database is away. Each may be repeated: a repetition
 * after a commit whose answer was lost changes nothing. Thread-safe.
 */
public final class Ledger {

  /** Up to 4 MB. */
  private static final int REJECTED_AT_ONCE = 500;

  private static final String SAME_CONTENT =
      "(other.etag, other.version_id) = (this.etag, this.version_id)";

  /** One that never was opened may be a later version, unless it has failed. */
  private static final String EARLIER =
      """
      (other.opened_at < this.opened_at
        or other.opened_at is null and other.state = 'failed' and other.started_at < this.opened_at)
      """;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Outages outages;

  public Ledger(DataSource dataSource, Outages outages) {
    this.jdbc = JdbcClient.create(dataSource);
    this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    this.outages = outages;
  }

  /** Other versions of a key that hold or may come to hold. */
  public enum Others {
    NONE,
    /** Some were opened, and none has rows for sure. */
    OPENED,
    /** One is loaded, with lines. */
    LOADED
  }

  /**
   * Notes what S3 said of the object when it was opened.
   *
   * @param plain whether it is not compressed
   * @return what other versions of its key there are, so that one of them must give way
   */
  public Others opened(Claim claim, Instant lastModified, long size, boolean plain) {
    String others =
        atomic(
            () -> {
              alone(claim);
              fenced(
                  claim,
                  jdbc.sql(
                          """
                      update ingest.object
                      set last_modified = case
                            when not isempty(committed) or replay and last_modified is not null then last_modified else ?
                          end,
                          size = ?, plain = ?, opened_at = clock_timestamp()
                      where id = ? and epoch = ? and state = 'loading'
                      """)
                      .params(
                          Timestamp.from(lastModified),
                          size,
                          plain,
                          claim.objectId(),
                          claim.epoch())
                      .update());
              return jdbc.sql(
                      """
                  select case
                    when bool_or(other.state = 'loaded' and other.lines > 0) then 'LOADED'
                    when bool_or(this.held_back) or count(other.id) > 0 then 'OPENED'
                    else 'NONE'
                  end
                  from ingest.object this
                  left join ingest.object other on other.bucket = this.bucket and other.key = this.key
                    and (other.etag, other.version_id) <> (this.etag, this.version_id)
                    and other.opened_at is not null and other.state not in ('superseded', 'gone')
                  where this.id = ?
                  """)
                  .param(claim.objectId())
                  .query(String.class)
                  .single();
            });
    return Others.valueOf(others);
  }

  /**
   * Versions of one key take turns until the end of the transaction, so that of two that are opened
   * at the same time the second one sees the first.
   */
  private void alone(Claim claim) {
    jdbc.sql("select pg_advisory_xact_lock(hashtextextended(?, 0))")
        .param(claim.object().location())
        .query()
        .listOfRows();
  }

  /**
   * Keeps the object's rows from readers until {@link #loaded}, as an earlier version's are on
   * show. Rows that are on show already stay so.
   */
  public void holdBack(Claim claim) {
    atomic(
        () -> {
          fenced(
              claim,
              jdbc.sql(
                      """
                      update ingest.object set held_back = held_back or isempty(committed)
                      where id = ? and epoch = ? and state = 'loading'
                      """)
                  .params(claim.objectId(), claim.epoch())
                  .update());
          return null;
        });
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
      for (int from = 0; from < p.rejected().size(); from += REJECTED_AT_ONCE) {
        int to = Math.min(from + REJECTED_AT_ONCE, p.rejected().size());
        insert(p.claim().objectId(), p.rejected().subList(from, to));
      }
      progress(p);
    }
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
  public boolean isCommitted(List<Progress> batch) {
    return batch.stream()
        .allMatch(
            p ->
                jdbc.sql(
                        "select committed @> int8range(?, ?) from ingest.object where id = ? for update")
                    .params(p.from().lines() + 1, p.to().lines() + 1, p.claim().objectId())
                    .query(Boolean.class)
                    .single());
  }

  private void progress(Progress p) {
    fenced(
        p.claim(),
        jdbc.sql(
                """
                update ingest.object
                set committed = committed + int8multirange(int8range(?, ?)),
                    committed_bytes = committed_bytes + int8multirange(int8range(?, ?)),
                    rows = rows + ?, rejected = rejected + ?, blank = blank + ?, filtered = filtered + ?,
                    failures = 0, lease_until = clock_timestamp() + ? * interval '1 second'
                where id = ? and epoch = ? and state = 'loading'
                """)
            .params(
                p.from().lines() + 1,
                p.to().lines() + 1,
                p.from().bytes(),
                p.to().bytes(),
                p.rows(),
                (long) p.rejected().size(),
                p.blank(),
                p.filtered(),
                Claims.LEASE.toSeconds(),
                p.claim().objectId(),
                p.claim().epoch())
            .update());
  }

  /**
   * Marks the object loaded. Belongs in the transaction that shows its rows, where they were held
   * back.
   *
   * @param rest what lies behind the last line of the last batch
   * @param overwriting with REPLACE, versions of its key that were opened before are superseded; of
   *     the same content, earlier loads are in any case
   * @param next what is to be done with the object in S3, which the {@link Outbox} has then
   */
  public void loaded(Progress rest, Overwriting overwriting, AfterLoad next) {
    Claim claim = rest.claim();
    atomic(
        () -> {
          if (isEnded(claim, "loaded")) {
            return null;
          }
          alone(claim);
          if (!rest.isEmpty()) {
            progress(rest);
          }
          fenced(
              claim,
              jdbc.sql(
                      """
                      update ingest.object
                      set state = 'loaded', lines = ?, owner = null, lease_until = null, held_back = false, failures = 0,
                          error = null, loaded_at = clock_timestamp()
                      where id = ? and epoch = ? and state = 'loading'
                      """)
                  .params(rest.to().lines(), claim.objectId(), claim.epoch())
                  .update());
          if (claim.replay()) {
            supersede(claim, "loaded again", SAME_CONTENT);
          }
          if (overwriting == Overwriting.REPLACE) {
            supersede(claim, "overwritten by a later version", EARLIER);
          }
          if (next.action() != AfterLoad.Action.KEEP) {
            jdbc.sql("insert into ingest.outbox (object_id, action, move_to) values (?, ?, ?)")
                .params(claim.objectId(), next.action().word(), next.moveTo())
                .update();
          }
          return null;
        });
  }

  /** Ends other entries of the object's key, with what they have. */
  private void supersede(Claim claim, String why, String which) {
    List<Long> others =
        jdbc.sql(
                """
                select other.id from ingest.object other
                join ingest.object this on this.id = ? and this.bucket = other.bucket and this.key = other.key
                where other.id <> this.id and other.state not in ('superseded', 'gone') and %s
                """
                    .formatted(which))
            .param(claim.objectId())
            .query(Long.class)
            .list();
    others.forEach(
        id -> {
          // Whoever is still loading it loses the claim.
          jdbc.sql("update ingest.object set epoch = epoch + 1 where id = ?").param(id).update();
          withoutRows(id, "superseded", why);
        });
  }

  /**
   * Ends a load for good without rows.
   *
   * @param state {@code gone}, {@code superseded}, {@code failed} (rejected lines stay), or {@code
   *     loaded} where nothing of it was wanted
   * @param why what a person should know of it
   */
  public void closed(Claim claim, String state, String why) {
    atomic(
        () -> {
          if (!isEnded(claim, state)) {
            fenced(
                claim,
                jdbc.sql(
                        "select count(*) from ingest.object where id = ? and epoch = ? and state = 'loading'")
                    .params(claim.objectId(), claim.epoch())
                    .query(Integer.class)
                    .single());
            withoutRows(claim.objectId(), state, why);
            if (claim.replay() && state.equals("loaded")) {
              supersede(claim, "loaded again", SAME_CONTENT);
            }
          }
          return null;
        });
  }

  /**
   * Forgets all lines of an object, and what was to be done with it in S3; its dataset's SQL
   * deletes the rows. Of one that has failed, the rejected lines stay: they may be why.
   */
  private void withoutRows(long objectId, String state, String why) {
    boolean failed = state.equals("failed");
    if (!failed) {
      jdbc.sql("delete from ingest.rejected_line where object_id = ?").param(objectId).update();
    }
    jdbc.sql("delete from ingest.outbox where object_id = ?").param(objectId).update();
    jdbc.sql(
            """
            update ingest.object
            set state = :state, error = :why, owner = null, lease_until = null, held_back = false, failures = 0, retry_at = null,
                committed = '{}', committed_bytes = '{}', rows = 0, rejected = case when :failed then rejected else 0 end,
                blank = 0, filtered = 0,
                lines = case when :state = 'loaded' then 0 end,
                loaded_at = case when :state = 'loaded' then clock_timestamp() else loaded_at end
            where id = :id
            """)
        .param("state", state)
        .param("failed", failed)
        .param("why", why)
        .param("id", objectId)
        .update();
  }

  /** Whether an earlier try of the same ending has committed although its answer was lost. */
  private boolean isEnded(Claim claim, String state) {
    return jdbc.sql(
            "select state = ? and owner is null and epoch = ? from ingest.object where id = ? for update")
        .params(state, claim.epoch(), claim.objectId())
        .query(Boolean.class)
        .single();
  }

  private <T> T atomic(Supplier<T> work) {
    return outages.outlast(attempt -> transaction.execute(status -> work.get()));
  }

  private static void fenced(Claim claim, int updated) {
    if (updated != 1) {
      throw new ClaimLostException(claim);
    }
  }
}
