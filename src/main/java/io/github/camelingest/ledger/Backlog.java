package io.github.camelingest.ledger;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What is to be loaded: enters what was seen in S3, and compares listings with what is known. Waits
 * while the database is away. Thread-safe.
 */
public final class Backlog {

  private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);

  /** Entries marked or removed in one transaction. */
  private static final int AT_ONCE = 5_000;

  /** Above every character: the end of the keys with a prefix. */
  private static final String LAST = "\uDBFF\uDFFF";

  /** What was seen, as a table. */
  private static final String SEEN =
      """
      seen as (
        select *
        from unnest(
          cast(:datasets as text[]), cast(:buckets as text[]), cast(:keys as text[]), cast(:versions as text[]),
          cast(:etags as text[]), cast(:sizes as bigint[]), cast(:times as timestamptz[]), cast(:readable as boolean[])
        ) as s (dataset, bucket, key, version_id, etag, size, last_modified, readable)
      )
      """;

  /**
   * An entry and what was seen are one object. A listing names no version, a notification does; and
   * where what holds is written again as it is, nothing has changed. What waits for a command may
   * wait for ever.
   */
  private static final String SAME =
      """
      o.bucket = s.bucket and o.key = s.key collate "C" and o.etag = s.etag
      and (
        o.version_id = s.version_id or o.version_id = '' or s.version_id = ''
        or o.state not in ('superseded', 'gone')
      )
      and not (o.by_command and o.state in ('discovered', 'loading'))
      """;

  private static final String ENTERED =
      """
      entered as (
        insert into ingest.object (dataset, bucket, key, version_id, etag, size, last_modified)
        select s.dataset, s.bucket, s.key, s.version_id, s.etag, s.size, s.last_modified
        from seen s
        where not exists (select from ingest.object o where %s)
        order by s.key collate "C"
        on conflict do nothing
        returning 1
      )
      """
          .formatted(SAME);

  /**
   * Of the entries of one content, the last one if none holds or may come to hold: what it says may
   * be true no more. And one that was archived and is not.
   */
  private static final String TO_LOAD_AGAIN =
      """
      (
        o.state in ('superseded', 'gone') and not exists (
          select from ingest.object other
          where other.bucket = o.bucket and other.key = o.key and other.etag = o.etag
          and (other.id > o.id or other.state not in ('superseded', 'gone'))
          and not (other.by_command and other.state in ('discovered', 'loading'))
        )
        or o.state = 'failed' and o.archived and s.readable
      )
      """;

  private static final String AGAIN =
      """
      again as (
        update ingest.object o
        set state = 'discovered', error = null, by_command = false, archived = false, failures = 0, retry_at = null,
            opened_at = null, gone_since = null
        from seen s
        where %s and %s
        returning o.id
      )
      """
          .formatted(SAME, TO_LOAD_AGAIN);

  private static final String THERE =
      """
      there as (
        update ingest.object o set gone_since = null
        from seen s
        where %s and o.gone_since is not null and not %s
      )
      """
          .formatted(SAME, TO_LOAD_AGAIN);

  private static final String ENTER =
      "with %s, %s, %s, %s select (select count(*) from entered) + (select count(*) from again)"
          .formatted(SEEN, ENTERED, AGAIN, THERE);

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Outages outages;

  public Backlog(DataSource dataSource, Outages outages) {
    this.jdbc = JdbcClient.create(dataSource);
    this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    this.outages = outages;
  }

  /**
   * Enters what the ledger does not know as to be loaded, and what was gone, superseded or archived
   * and is back. Whatever else is known already stays as it is.
   *
   * @return how many objects are to be loaded now that were not before
   */
  public int enter(Collection<Sighting> seen) {
    List<Sighting> sightings = storable(seen);
    if (sightings.isEmpty()) {
      return 0;
    }
    boolean versions = sightings.stream().anyMatch(one -> !one.object().versionId().isEmpty());
    return outages.outlast(
        attempt ->
            transaction.execute(
                status -> {
                  if (versions) {
                    takeTurn();
                  }
                  return with(sightings, ENTER).query(Integer.class).single();
                }));
  }

  /**
   * The same for a page of a listing, in one query; and notes which entries of its range are not
   * there any more.
   *
   * @return how many objects are to be loaded now that were not before
   */
  public int compare(ListedPage page) {
    List<Sighting> sightings = storable(page.objects());
    int found = sightings.isEmpty() ? 0 : planned(() -> enterListed(sightings));
    int missing;
    do {
      missing = planned(() -> noteMissing(page, sightings));
    } while (missing == AT_ONCE);
    return found;
  }

  /** Planned once for all pages, a statement would take every page for a few objects. */
  private int planned(Supplier<Integer> statement) {
    return outages.outlast(
        attempt ->
            transaction.execute(
                status -> {
                  jdbc.sql("set local plan_cache_mode = force_custom_plan").update();
                  return statement.get();
                }));
  }

  private int enterListed(List<Sighting> sightings) {
    takeTurn();
    return with(sightings, ENTER).query(Integer.class).single();
  }

  /**
   * A listing names no version and a notification does, so that the key of an entry does not keep
   * both from entering one object at the same time.
   */
  private void takeTurn() {
    jdbc.sql("select pg_advisory_xact_lock(hashtextextended('ingest.object', 0))")
        .query()
        .listOfRows();
  }

  private int noteMissing(ListedPage page, List<Sighting> sightings) {
    return with(
            sightings,
            """
            with %s
            update ingest.object set gone_since = clock_timestamp()
            where id in (
              select id from ingest.object o
              where o.dataset = :dataset and o.bucket = :bucket and o.key > :after and o.key <= :upTo
              and o.gone_since is null and o.state not in ('discovered', 'loading')
              and not exists (select from seen s where o.key = s.key collate "C" and o.etag = s.etag)
              limit %d
              for update skip locked
            )
            """
                .formatted(SEEN, AT_ONCE))
        .param("dataset", page.dataset())
        .param("bucket", page.bucket())
        // An empty string sorts before every key.
        .param("after", page.after().isEmpty() ? page.prefix() : page.after())
        .param("upTo", page.upTo().orElse(page.prefix() + LAST))
        .update();
  }

  /** Notes that a comparison ended, or why it did not. */
  public void end(Reconciliation comparison) {
    outages.outlast(
        attempt ->
            jdbc.sql(
                    """
                    insert into ingest.reconciliation (dataset, bucket, prefix, began_at, ended_at, requests, objects, found, pruned, error)
                    values (:dataset, :bucket, :prefix, :began, clock_timestamp(), :requests, :objects, :found, :pruned, :error)
                    on conflict (dataset, bucket, prefix) do update set
                      began_at = excluded.began_at, ended_at = excluded.ended_at, requests = excluded.requests,
                      objects = excluded.objects, found = excluded.found, pruned = excluded.pruned, error = excluded.error
                    """)
                .param("dataset", comparison.dataset())
                .param("bucket", comparison.bucket())
                .param("prefix", comparison.prefix())
                .param("began", Timestamp.from(comparison.began()))
                .param("requests", comparison.requests())
                .param("objects", comparison.objects())
                .param("found", comparison.found())
                .param("pruned", comparison.pruned())
                .param("error", comparison.error())
                .update());
  }

  /** The last comparison of each place, in the order of datasets. */
  public List<Reconciliation> comparisons() {
    return outages.outlast(
        attempt ->
            jdbc.sql("select * from ingest.reconciliation order by dataset, bucket, prefix")
                .query(
                    (row, n) ->
                        new Reconciliation(
                            row.getString("dataset"),
                            row.getString("bucket"),
                            row.getString("prefix"),
                            row.getTimestamp("began_at").toInstant(),
                            row.getLong("requests"),
                            row.getLong("objects"),
                            row.getLong("found"),
                            row.getLong("pruned"),
                            row.getString("error"),
                            row.getTimestamp("ended_at").toInstant()))
                .list());
  }

  /**
   * Removes the entries of a place's objects that comparisons have not found for so long. Where
   * rows may have come from one, {@code ingest.origin} still tells.
   *
   * @param place what was compared just now
   * @return how many
   */
  public int prune(Reconciliation place, Duration retention) {
    int pruned = 0;
    int some;
    do {
      some = pruneSome(place, retention);
      pruned += some;
    } while (some == AT_ONCE);
    return pruned;
  }

  private int pruneSome(Reconciliation place, Duration retention) {
    return outages.outlast(
        attempt ->
            jdbc.sql(
                    """
                    with pruned as (
                      delete from ingest.object
                      where id in (
                        select id from ingest.object
                        where gone_since < statement_timestamp() - :retention * interval '1 millisecond'
                        and dataset = :dataset and bucket = :bucket and starts_with(key, :prefix)
                        and state not in ('discovered', 'loading')
                        limit %d
                        for update skip locked
                      )
                      returning id, dataset, bucket, key, version_id, etag, last_modified, rows
                    ), kept as (
                      insert into ingest.pruned_object (id, dataset, bucket, key, version_id, etag, last_modified)
                      select id, dataset, bucket, key, version_id, etag, last_modified
                      from pruned
                      where rows > 0
                    )
                    select count(*) from pruned
                    """
                        .formatted(AT_ONCE))
                .param("retention", retention.toMillis())
                .param("dataset", place.dataset())
                .param("bucket", place.bucket())
                .param("prefix", place.prefix())
                .query(Integer.class)
                .single());
  }

  /** PostgreSQL's text cannot hold U+0000, which a key in S3 may have. */
  private static List<Sighting> storable(Collection<Sighting> sightings) {
    return sightings.stream()
        .filter(
            seen -> {
              boolean storable = seen.object().key().indexOf('\0') < 0;
              if (!storable) {
                LOG.warn(
                    "{}: not loaded: its key has the character U+0000, which PostgreSQL cannot hold; give the object another key",
                    seen.object().location().replace('\0', '\u2400'));
              }
              return storable;
            })
        .toList();
  }

  private JdbcClient.StatementSpec with(Collection<Sighting> sightings, String sql) {
    return jdbc.sql(sql)
        .param("datasets", texts(sightings, S3Object::dataset))
        .param("buckets", texts(sightings, S3Object::bucket))
        .param("keys", texts(sightings, S3Object::key))
        .param("versions", texts(sightings, S3Object::versionId))
        .param("etags", texts(sightings, S3Object::etag))
        .param("sizes", sightings.stream().map(s -> s.object().size()).toArray(Long[]::new))
        .param(
            "times",
            sightings.stream()
                .map(s -> s.lastModified() == null ? null : Timestamp.from(s.lastModified()))
                .toArray(Timestamp[]::new))
        .param("readable", sightings.stream().map(Sighting::readable).toArray(Boolean[]::new));
  }

  private static String[] texts(
      Collection<Sighting> sightings, Function<S3Object, String> property) {
    return sightings.stream().map(Sighting::object).map(property).toArray(String[]::new);
  }

  /** A condition on keys, with {@code :prefix}; nothing where there is none. */
  static String under(String prefix) {
    return prefix.isEmpty() ? "" : "and starts_with(key, :prefix)";
  }

  /**
   * Lets objects of a dataset be tried at once that wait after a failed attempt.
   *
   * @param prefix only those whose keys begin so
   */
  public void retryNow(String dataset, String prefix) {
    outages.outlast(
        attempt ->
            jdbc.sql(
                    "update ingest.object set retry_at = null where dataset = :dataset %s and state = 'discovered' and not by_command and retry_at is not null"
                        .formatted(under(prefix)))
                .param("dataset", dataset)
                .param("prefix", prefix)
                .update());
  }

  /**
   * Objects of a dataset that are not done with, replays aside.
   *
   * @param again those that wait after a failure
   * @param others those that nobody has tried yet, or that somebody is loading
   */
  public record Unfinished(long again, long others) {}

  /**
   * @param prefix only objects whose keys begin so
   */
  public Unfinished unfinished(String dataset, String prefix) {
    return outages.outlast(
        attempt ->
            jdbc.sql(
                    """
                    select
                      (select count(*) from ingest.object
                        where dataset = :dataset %1$s and state = 'discovered' and not by_command and retry_at is not null) as again,
                      (select count(*) from ingest.object
                        where dataset = :dataset %1$s and state = 'discovered' and not by_command and retry_at is null)
                      + (select count(*) from ingest.object
                        where dataset = :dataset %1$s and state = 'loading' and not by_command) as others
                    """
                        .formatted(under(prefix)))
                .param("dataset", dataset)
                .param("prefix", prefix)
                .query(Unfinished.class)
                .single());
  }

  /**
   * Objects of a dataset that wait or are being loaded, replays aside.
   *
   * @param bytes of them in S3
   */
  public record Left(long objects, long bytes) {}

  /**
   * @param prefix only objects whose keys begin so
   */
  public Left left(String dataset, String prefix) {
    return outages.outlast(
        attempt ->
            jdbc.sql(
                    """
                    select count(*) as objects, coalesce(sum(size), 0)::bigint as bytes
                    from ingest.object
                    where dataset = :dataset %s and state in ('discovered', 'loading') and not by_command
                    """
                        .formatted(under(prefix)))
                .param("dataset", dataset)
                .param("prefix", prefix)
                .query(Left.class)
                .single());
  }

  /** Counts and sums of all entries per dataset. */
  public List<DatasetStatus> status() {
    return outages.outlast(
        attempt ->
            transaction.execute(
                status -> {
                  // The index that has it all is much smaller than the table, but not by
                  // PostgreSQL's reckoning.
                  jdbc.sql("set local enable_seqscan = off").update();
                  return count();
                }));
  }

  /**
   * When S3 took what has waited or loaded for longest, by dataset; nothing of those where nothing
   * does. Each looks at the beginning of an index.
   */
  Map<String, Instant> oldest(List<DatasetStatus> datasets) {
    return outages.outlast(
        attempt -> {
          Map<String, Instant> oldest = new HashMap<>();
          jdbc.sql(
                  """
                  select dataset, least(
                    (select coalesce(last_modified, discovered_at) from ingest.object o
                      where o.dataset = d.dataset and state = 'discovered' and not by_command and retry_at is null
                      order by coalesce(last_modified, discovered_at) limit 1),
                    (select min(coalesce(last_modified, discovered_at)) from ingest.object o
                      where o.dataset = d.dataset and state = 'discovered' and not by_command and retry_at is not null),
                    (select min(coalesce(last_modified, discovered_at)) from ingest.object o
                      where o.dataset = d.dataset and state = 'loading')
                  ) as oldest
                  from unnest(?) as d (dataset)
                  """)
              .param(datasets.stream().map(DatasetStatus::dataset).toArray(String[]::new))
              .query(
                  row -> {
                    Timestamp time = row.getTimestamp("oldest");
                    if (time != null) {
                      oldest.put(row.getString("dataset"), time.toInstant());
                    }
                  });
          return oldest;
        });
  }

  private List<DatasetStatus> count() {
    return jdbc.sql(
            """
                    select dataset, coalesce(waiting, 0) as waiting, coalesce(loading, 0) as loading, coalesce(loaded, 0) as loaded,
                      coalesce(failed, 0) as failed, coalesce(ended, 0) as ended, coalesce(rows, 0) as rows,
                      coalesce(rejected, 0) as rejected, last_loaded
                    from (
                      select
                        dataset,
                        count(*) filter (where state = 'discovered') as waiting,
                        count(*) filter (where state = 'loading') as loading,
                        count(*) filter (where state = 'loaded') as loaded,
                        count(*) filter (where state = 'failed') as failed,
                        count(*) filter (where state in ('superseded', 'gone')) as ended,
                        sum(rows) as rows,
                        sum(rejected) as rejected,
                        max(loaded_at) as last_loaded
                      from ingest.object
                      group by dataset
                    ) known
                    full join (select distinct dataset from ingest.reconciliation) compared using (dataset)
                    order by dataset
                    """)
        .query(
            (row, n) ->
                new DatasetStatus(
                    row.getString("dataset"),
                    row.getLong("waiting"),
                    row.getLong("loading"),
                    row.getLong("loaded"),
                    row.getLong("failed"),
                    row.getLong("ended"),
                    row.getLong("rows"),
                    row.getLong("rejected"),
                    Optional.ofNullable(row.getTimestamp("last_loaded"))
                        .map(Timestamp::toInstant)
                        .orElse(null)))
        .list();
  }
}
