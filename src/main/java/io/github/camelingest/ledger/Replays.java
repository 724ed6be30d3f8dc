package io.github.camelingest.ledger;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Objects that are loaded again. Each gets an entry of its own in the ledger, whose rows take the
 * place of the earlier one's once all of them are there: so a replay may be interrupted, fail or
 * find its object gone, and what was loaded before stays. Waits while the database is away.
 * Thread-safe.
 */
public final class Replays {

  /** Loaded or failed objects that a selection means, each content once, in the order of keys. */
  private static final String SELECTED =
      """
      select distinct on (o.bucket, o.key, o.etag, o.version_id) %s
      from ingest.object o
      where o.state in ('loaded', 'failed')
      and (cast(:datasets as text[]) is null or o.dataset = any(cast(:datasets as text[])))
      and (
        cast(:objects as text[]) is null
        or o.key = any(cast(:objects as text[]))
        or 's3://' || o.bucket || '/' || o.key = any(cast(:objects as text[]))
      )
      and (cast(:prefix as text) is null or starts_with(o.key, :prefix))
      and (cast(:since as timestamptz) is null or coalesce(o.loaded_at, o.started_at) >= :since)
      and (not :rejected or exists (select from ingest.rejected_line r where r.object_id = o.id))
      order by o.bucket, o.key, o.etag, o.version_id, o.id
      """;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Outages outages;
  private final String[] datasets;

  /**
   * @param datasets only objects of these are meant; null: of any
   */
  public Replays(DataSource dataSource, Outages outages, Collection<String> datasets) {
    this.jdbc = JdbcClient.create(dataSource);
    this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    this.outages = outages;
    this.datasets = datasets == null ? null : datasets.toArray(String[]::new);
  }

  /**
   * Which of the loaded and failed objects are meant: those that all of this holds for.
   *
   * @param rejected only those with rejected lines
   * @param objects keys or locations ({@code s3://bucket/key}), one of which is the object's; null:
   *     any
   * @param prefix those whose keys begin so
   * @param since those that were loaded then or later, or, if they have failed, first tried
   */
  public record Selection(
      boolean rejected, List<String> objects, Optional<String> prefix, Optional<Instant> since) {}

  /** What {@link #enter} would enter: sums, and the locations of the first. */
  public record Preview(long objects, long lines, long bytes, List<String> locations) {}

  /**
   * @param most locations at most
   */
  public Preview preview(Selection selection, int most) {
    return outages.outlast(
        attempt ->
            with(
                    selection,
                    """
                    with selected as (%s)
                    select
                      count(*) as objects, coalesce(sum(lines), 0) as lines, coalesce(sum(size), 0) as bytes,
                      array(select 's3://' || bucket || '/' || key from selected order by key limit :most) as locations
                    from selected
                    """
                        .formatted(SELECTED.formatted("o.*")))
                .param("most", most)
                .query(
                    (row, n) ->
                        new Preview(
                            row.getLong("objects"),
                            row.getLong("lines"),
                            row.getLong("bytes"),
                            List.of((String[]) row.getArray("locations").getArray())))
                .single());
  }

  /**
   * Enters what is to be loaded again. Of an object that waits for that already, the entry becomes
   * this command's; failed replays of it are done with.
   *
   * @param command when it was given
   * @return how many objects that are
   */
  public int enter(Selection selection, Instant command) {
    return outages.outlast(
        attempt ->
            transaction.execute(
                status -> {
                  int entered = insert(selection, command);
                  supersedeFailed(command);
                  return entered;
                }));
  }

  private int insert(Selection selection, Instant command) {
    return with(
            selection,
            """
            insert into ingest.object (dataset, bucket, key, version_id, etag, size, last_modified, replay, by_command, discovered_at)
            %s
            on conflict (bucket, key, etag, version_id) where replay and state in ('discovered', 'loading')
            do update set discovered_at = excluded.discovered_at, by_command = true, retry_at = null
            """
                .formatted(
                    SELECTED.formatted(
                        "o.dataset, o.bucket, o.key, o.version_id, o.etag, o.size, o.last_modified, true, true, cast(:command as timestamptz)")))
        .param("command", Timestamp.from(command))
        .update();
  }

  private void supersedeFailed(Instant command) {
    jdbc.sql(
            """
            with failed as (
              update ingest.object o
              set state = 'superseded', error = 'loaded again', epoch = epoch + 1, committed = '{}', committed_bytes = '{}',
                  rows = 0, rejected = 0, blank = 0, filtered = 0
              where o.replay and o.state = 'failed'
              and exists (
                select from ingest.object n
                where (n.bucket, n.key, n.etag, n.version_id) = (o.bucket, o.key, o.etag, o.version_id)
                and n.replay and n.discovered_at = ?
              )
              returning id
            )
            delete from ingest.rejected_line where object_id in (select id from failed)
            """)
        .param(Timestamp.from(command))
        .update();
  }

  /**
   * Makes what other commands have left this one's.
   *
   * @param command when it was given
   */
  public void takeOver(Instant command) {
    outages.outlast(
        attempt ->
            jdbc.sql(
                    """
                    update ingest.object set discovered_at = :command, by_command = true, retry_at = null
                    where replay and state in ('discovered', 'loading')
                    and (cast(:datasets as text[]) is null or dataset = any(cast(:datasets as text[])))
                    """)
                .param("command", Timestamp.from(command))
                .param("datasets", datasets)
                .update());
  }

  private JdbcClient.StatementSpec with(Selection selection, String sql) {
    return jdbc.sql(sql)
        .param("datasets", datasets)
        .param("rejected", selection.rejected())
        .param(
            "objects",
            selection.objects() == null ? null : selection.objects().toArray(String[]::new))
        .param("prefix", selection.prefix().orElse(null))
        .param("since", selection.since().map(Timestamp::from).orElse(null));
  }

  /**
   * What became of entries.
   *
   * @param waiting objects that are not done with
   * @param loaded objects whose new rows are on show
   * @param failed objects that somebody has to look at; what was loaded before stays
   * @param ended objects that are gone or overwritten by now
   * @param rows of those loaded
   * @param rejected lines of those loaded
   */
  public record Outcome(
      long waiting, long loaded, long failed, long ended, long rows, long rejected) {

    /** All of the objects. */
    public long objects() {
      return waiting + loaded + failed + ended;
    }
  }

  /**
   * What became of a command's entries so far.
   *
   * @param command when it was given
   */
  public Outcome outcome(Instant command) {
    return outages.outlast(
        attempt ->
            jdbc.sql(
                    """
                    select
                      count(*) filter (where state in ('discovered', 'loading')) as waiting,
                      count(*) filter (where state = 'loaded') as loaded,
                      count(*) filter (where state = 'failed') as failed,
                      count(*) filter (where state in ('superseded', 'gone')) as ended,
                      coalesce(sum(rows) filter (where state = 'loaded'), 0) as rows,
                      coalesce(sum(rejected) filter (where state = 'loaded'), 0) as rejected
                    from ingest.object
                    where replay and discovered_at = ?
                    """)
                .param(Timestamp.from(command))
                .query(Outcome.class)
                .single());
  }
}
