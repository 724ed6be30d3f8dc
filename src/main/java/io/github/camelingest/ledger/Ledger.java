package io.github.camelingest.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * How the load of an object begins and ends, among the versions of its key. All of it needs a claim
 * that is still good.
 *
 * <p>Every method joins the transaction of the calling thread where there is one; else it is a
 * transaction of its own, and waits while the database is away. {@link #opened} and {@link
 * #loadedAlone} share a transaction with other threads instead. Each may be repeated: a repetition
 * after a commit whose answer was lost changes nothing. Thread-safe.
 */
public final class Ledger {

  private static final String SAME_CONTENT =
      "(other.etag, other.version_id) = (this.etag, this.version_id)";

  /**
   * Of the entry {@code o}: no other of its key exists, so that nobody has to be asked. One that is
   * entered from now on finds this one.
   */
  private static final String ALONE =
      """
      not exists (
        select from ingest.object other where other.bucket = o.bucket and other.key = o.key and other.id <> o.id
      )
      """;

  /** One that never was opened may be a later version, unless it has failed. */
  private static final String EARLIER =
      """
      (other.opened_at < this.opened_at
        or other.opened_at is null and other.state = 'failed' and other.started_at < this.opened_at)
      """;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Outages outages;
  private final Together<Opening, Optional<Others>> opening = new Together<>(this::open);
  private final Together<Ending, Boolean> ending = new Together<>(this::endAlone);

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

  /** What S3 said of an object when it was opened. */
  private record Opening(Claim claim, Instant lastModified, long size, boolean plain) {}

  /** Of an object that was opened, which other versions of its key there are. */
  private record Opened(long id, String others) {}

  /**
   * Notes what S3 said of the object when it was opened.
   *
   * @param plain whether it is not compressed
   * @return what other versions of its key there are, so that one of them must give way
   */
  public Others opened(Claim claim, Instant lastModified, long size, boolean plain) {
    return opening
        .apply(new Opening(claim, lastModified, size, plain))
        .orElseThrow(() -> new ClaimLostException(claim));
  }

  private List<Optional<Others>> open(List<Opening> all) {
    return atomic(
        () -> {
          // A statement of its own, so that the next one sees what others did meanwhile.
          takeTurn(all.stream().map(one -> one.claim().object().location()));
          Map<Long, Others> opened = new HashMap<>();
          List<Opening> left = new ArrayList<>(all);
          while (!left.isEmpty()) {
            // Of two versions of one key, too, the second one is to see the first.
            Set<String> locations = new HashSet<>();
            List<Opening> now =
                left.stream()
                    .filter(one -> locations.add(one.claim().object().location()))
                    .toList();
            left.removeAll(now);
            openEach(now).forEach(one -> opened.put(one.id(), Others.valueOf(one.others())));
          }
          return all.stream()
              .map(one -> Optional.ofNullable(opened.get(one.claim().objectId())))
              .toList();
        });
  }

  private List<Opened> openEach(List<Opening> each) {
    return jdbc.sql(
            """
            with this as (
              update ingest.object o
              set last_modified = case
                    when not isempty(o.committed) or o.replay and o.last_modified is not null then o.last_modified
                    else s.last_modified
                  end,
                  size = s.size, plain = s.plain, opened_at = clock_timestamp()
              from unnest(?, ?, cast(? as timestamptz[]), ?, ?) as s (id, epoch, last_modified, size, plain)
              where o.id = s.id and o.epoch = s.epoch and o.state = 'loading'
              returning o.id, o.bucket, o.key, o.etag, o.version_id, o.held_back
            )
            select this.id,
              case
                when bool_or(other.state = 'loaded' and other.lines > 0) then 'LOADED'
                when this.held_back or count(other.id) > 0 then 'OPENED'
                else 'NONE'
              end as others
            from this
            left join ingest.object other on other.bucket = this.bucket and other.key = this.key
              and (other.etag, other.version_id) <> (this.etag, this.version_id)
              and other.opened_at is not null and other.state not in ('superseded', 'gone')
            group by this.id, this.held_back
            """)
        .params(
            CommittedLines.numbers(each, one -> one.claim().objectId()),
            CommittedLines.numbers(each, one -> one.claim().epoch()),
            each.stream().map(one -> one.lastModified().toString()).toArray(String[]::new),
            CommittedLines.numbers(each, Opening::size),
            each.stream().map(Opening::plain).toArray(Boolean[]::new))
        .query(Opened.class)
        .list();
  }

  /**
   * Versions of one key take turns until the end of the transaction, so that of two that are opened
   * at the same time the second one sees the first.
   */
  private void takeTurn(Stream<String> locations) {
    // In one order, so that two transactions with the same keys never deadlock.
    jdbc.sql(
            """
            select pg_advisory_xact_lock(turn)
            from (select distinct hashtextextended(location, 0) as turn from unnest(?) as location order by 1) as turns
            """)
        .param(locations.toArray(String[]::new))
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
   * Marks the object loaded. Belongs in the transaction that shows its rows, where they were held
   * back.
   *
   * @param rest what lies behind the last line of the last batch
   * @param overwriting with REPLACE, versions of its key that were opened before are superseded; of
   *     the same content, earlier loads are in any case
   * @param next what is to be done with the object in S3, which the {@link Outbox} has then
   * @return whether some are
   */
  public boolean loaded(Progress rest, Overwriting overwriting, AfterLoad next) {
    Claim claim = rest.claim();
    return atomic(
        () -> {
          int superseded = 0;
          if (end(List.of(rest), ALONE).isEmpty()) {
            if (isEnded(claim, "loaded")) {
              return false;
            }
            takeTurn(Stream.of(claim.object().location()));
            fenced(claim, end(List.of(rest), "true").size());
            if (claim.replay()) {
              superseded += supersede(claim, "loaded again", SAME_CONTENT);
            }
            if (overwriting == Overwriting.REPLACE) {
              superseded += supersede(claim, "overwritten by a later version", EARLIER);
            }
          }
          enter(claim, next);
          return superseded > 0;
        });
  }

  /** An object whose lines are all in, and what is to be done with it in S3 then. */
  private record Ending(Progress rest, AfterLoad next) {}

  /**
   * Marks the object loaded if no other entry of its key exists.
   *
   * @param rest what lies behind the last line of the last batch
   * @param next what is to be done with the object in S3, which the {@link Outbox} has then
   * @return whether it did; if not, {@link #loaded} knows why
   */
  public boolean loadedAlone(Progress rest, AfterLoad next) {
    return ending.apply(new Ending(rest, next));
  }

  private List<Boolean> endAlone(List<Ending> all) {
    return atomic(
        () -> {
          Set<Long> ended = end(all.stream().map(Ending::rest).toList(), ALONE);
          all.stream()
              .filter(one -> ended.contains(one.rest().claim().objectId()))
              .forEach(one -> enter(one.rest().claim(), one.next()));
          return all.stream().map(one -> ended.contains(one.rest().claim().objectId())).toList();
        });
  }

  private void enter(Claim claim, AfterLoad next) {
    if (next.action() != AfterLoad.Action.KEEP) {
      jdbc.sql("insert into ingest.outbox (object_id, action, move_to) values (?, ?, ?)")
          .params(claim.objectId(), next.action().word(), next.moveTo())
          .update();
    }
  }

  /** Marks those loaded whose claims are good and for which the condition holds. */
  private Set<Long> end(List<Progress> rests, String condition) {
    return jdbc.sql(
            """
            update ingest.object o
            set state = 'loaded', lines = r.lines, owner = null, lease_until = null, held_back = false, failures = 0,
                error = null, loaded_at = clock_timestamp(),
                committed = committed + int8multirange(int8range(r.first_line, r.lines + 1)),
                committed_bytes = committed_bytes + int8multirange(int8range(r.first_byte, r.bytes)),
                blank = o.blank + r.blank, filtered = o.filtered + r.filtered
            from unnest(?, ?, ?, ?, ?, ?, ?, ?)
              as r (id, epoch, first_line, lines, first_byte, bytes, blank, filtered)
            where o.id = r.id and o.epoch = r.epoch and o.state = 'loading' and %s
            returning o.id
            """
                .formatted(condition))
        .params(
            CommittedLines.numbers(rests, r -> r.claim().objectId()),
            CommittedLines.numbers(rests, r -> r.claim().epoch()),
            CommittedLines.numbers(rests, r -> r.from().lines() + 1),
            CommittedLines.numbers(rests, r -> r.to().lines()),
            CommittedLines.numbers(rests, r -> r.from().bytes()),
            CommittedLines.numbers(rests, r -> r.to().bytes()),
            CommittedLines.numbers(rests, Progress::blank),
            CommittedLines.numbers(rests, Progress::filtered))
        .query(Long.class)
        .set();
  }

  /** Ends other entries of the object's key, with what they have. */
  private int supersede(Claim claim, String why, String which) {
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
    return others.size();
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

  static void fenced(Claim claim, int updated) {
    if (updated != 1) {
      throw new ClaimLostException(claim);
    }
  }
}
