package io.github.camelingest.ledger;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What the ledger tells those who look for work or for an overview. Waits while the database is
 * away. Thread-safe.
 */
public final class Backlog {

  /** Objects handed over at once: those behind them are found by the next look. */
  private static final int MOST_DUE = 100;

  private final JdbcClient jdbc;
  private final Outages outages;

  public Backlog(DataSource dataSource, Outages outages) {
    this.jdbc = JdbcClient.create(dataSource);
    this.outages = outages;
  }

  /**
   * Of the objects given, those that are neither loaded nor failed, in the order given; whoever
   * claims one is told if it is being loaded or has to wait. One query for all of them.
   */
  public List<S3Object> missing(List<S3Object> objects) {
    Set<String> others =
        outages.outlast(
            attempt ->
                jdbc.sql(
                        """
                        select l.bucket || '/' || l.key || '#' || l.etag
                        from unnest(?, ?, ?) as listed (bucket, key, etag)
                        join ingest.object l on l.bucket = listed.bucket and l.key = listed.key and l.etag = listed.etag
                        where l.state in ('loaded', 'failed')
                        """)
                    .params(
                        objects.stream().map(S3Object::bucket).toArray(String[]::new),
                        objects.stream().map(S3Object::key).toArray(String[]::new),
                        objects.stream().map(S3Object::etag).toArray(String[]::new))
                    .query(String.class)
                    .set());
    return objects.stream().filter(o -> !others.contains(o.identity())).toList();
  }

  /**
   * Objects of a dataset that somebody should load now: those whose load failed some time ago or
   * was given back, and those whose owner is dead. The longest waiting come first.
   */
  public List<S3Object> due(String dataset) {
    return due("not by_command and dataset = ?", dataset);
  }

  /**
   * The same of objects that are to be loaded again. They are left to the command that wants it:
   * another instance may not know the routes that were mended.
   *
   * @param command when it was given
   */
  public List<S3Object> replays(String dataset, Instant command) {
    return due(
        "replay and by_command and dataset = ? and discovered_at = ?",
        dataset,
        Timestamp.from(command));
  }

  private List<S3Object> due(String which, Object... parameters) {
    return outages.outlast(
        attempt ->
            jdbc.sql(
                    """
                    select dataset, bucket, key, version_id, etag, coalesce(size, 0) as size
                    from ingest.object
                    where %s
                    and (
                      state = 'discovered' and coalesce(retry_at < clock_timestamp(), true)
                      or state = 'loading' and lease_until < clock_timestamp()
                    )
                    order by coalesce(retry_at, lease_until, discovered_at)
                    limit %d
                    """
                        .formatted(which, MOST_DUE))
                .params(List.of(parameters))
                .query(
                    (row, n) ->
                        new S3Object(
                            row.getString("dataset"),
                            row.getString("bucket"),
                            row.getString("key"),
                            row.getString("version_id"),
                            row.getString("etag"),
                            row.getLong("size")))
                .list());
  }

  /** Counts per dataset, for status. */
  public List<DatasetStatus> status() {
    return outages.outlast(
        attempt ->
            jdbc.sql(
                    """
                    select
                      dataset,
                      count(*) filter (where state = 'discovered') as waiting,
                      count(*) filter (where state = 'loading') as loading,
                      count(*) filter (where state = 'loaded') as loaded,
                      count(*) filter (where state = 'failed') as failed,
                      count(*) filter (where state in ('superseded', 'gone')) as ended,
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
                            row.getLong("failed"),
                            row.getLong("ended"),
                            row.getLong("rows"),
                            row.getLong("rejected"),
                            Optional.ofNullable(row.getTimestamp("last_loaded"))
                                .map(Timestamp::toInstant)
                                .orElse(null)))
                .list());
  }
}
