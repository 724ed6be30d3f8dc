package io.github.camelingest.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Asks the ledger for a {@link Status}, in one transaction that sees one moment. Does not wait
 * while the database is away. Thread-safe.
 */
public final class StatusQuery {

  /** The rate of a dataset is that of so many minutes. */
  public static final int RATE_MINUTES = 5;

  /** So many objects of a kind are shown one by one. */
  private static final int SHOWN = 10;

  private static final RejectedLines.Filter ALL = new RejectedLines.Filter(null, null, null);

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Backlog backlog;
  private final Outbox outbox;
  private final StrayMessages strays;
  private final RejectedLines rejected;
  private final Instances instances;

  public StatusQuery(DataSource dataSource) {
    jdbc = JdbcClient.create(dataSource);
    transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    transaction.setReadOnly(true);
    transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    // In a transaction nobody waits.
    Outages outages = new Outages();
    backlog = new Backlog(dataSource, outages);
    outbox = new Outbox(dataSource, outages);
    strays = new StrayMessages(dataSource, outages);
    rejected = new RejectedLines(dataSource);
    instances = new Instances(dataSource);
  }

  /**
   * What the ledger knows now.
   *
   * @param minutes of so many last ones, the present one included, it tells what was loaded
   */
  public Status status(int minutes) {
    return transaction.execute(status -> ask(minutes));
  }

  private Status ask(int minutes) {
    Instant now = jdbc.sql("select now()").query(Timestamp.class).single().toInstant();
    Instant from = now.truncatedTo(ChronoUnit.MINUTES).minus(minutes - 1, ChronoUnit.MINUTES);
    List<Status.Minute> history = loaded(from, Duration.ofMinutes(1), minutes);
    List<RejectedGroup> groups = rejected.groups(ALL);
    List<Reconciliation> comparisons = backlog.comparisons();
    List<Outbox.Waiting> afterLoad = outbox.waiting();
    StrayMessages.Summary foreign = strays.foreign();
    StrayMessages.Summary unreadable = strays.unreadable();
    List<Instance> running = instances.all();
    Map<String, Double> rates = rates(now);
    // Last, since it lets the transaction prefer indexes from here on.
    List<DatasetStatus> counts = backlog.status();
    Map<String, Instant> oldest = backlog.oldest(counts);
    Map<String, Status.LoadedObject> last = last(counts);
    return new Status(
        now,
        counts.stream()
            .map(
                one ->
                    new Status.Dataset(
                        one,
                        oldest.get(one.dataset()),
                        last.get(one.dataset()),
                        rates.getOrDefault(one.dataset(), 0.0)))
            .toList(),
        loading(),
        waiting(),
        failed(counts),
        groups,
        history,
        comparisons,
        afterLoad,
        foreign,
        unreadable,
        running);
  }

  /** Rows a second. */
  private Map<String, Double> rates(Instant now) {
    Duration lately = Duration.ofMinutes(RATE_MINUTES);
    return loaded(now.minus(lately), lately, 1).stream()
        .collect(
            Collectors.toMap(
                Status.Minute::dataset,
                one -> (double) one.rows() / lately.toSeconds(),
                Double::sum));
  }

  /**
   * What was loaded in each of some steps of time, where anything was. An object that waited after
   * a failure counts as being loaded all the while.
   */
  private List<Status.Minute> loaded(Instant from, Duration step, int steps) {
    return jdbc.sql(
            """
            with work as (
              select dataset, rows, rejected,
                extract(epoch from coalesce(started_at, loaded_at) - cast(:from as timestamptz))::float8 / :step as began,
                extract(epoch from loaded_at - cast(:from as timestamptz))::float8 / :step as ended
              from ingest.object
              where state = 'loaded' and loaded_at >= cast(:from as timestamptz)
              union all
              select dataset, rows, rejected,
                extract(epoch from started_at - cast(:from as timestamptz))::float8 / :step,
                extract(epoch from now() - cast(:from as timestamptz))::float8 / :step
              from ingest.object
              where state = 'loading'
            )
            select dataset, step, round(sum(rows * share))::bigint as rows, round(sum(rejected * share))::bigint as rejected
            from work
            cross join lateral generate_series(floor(greatest(began, 0))::integer, floor(ended)::integer) as step
            cross join lateral (
              select case when ended > began then (least(ended, step + 1) - greatest(began, step)) / (ended - began) else 1 end
            ) as part (share)
            where step < :steps
            group by dataset, step
            order by step, dataset
            """)
        .param("from", Timestamp.from(from))
        .param("step", step.toSeconds())
        .param("steps", steps)
        .query(
            (row, n) ->
                new Status.Minute(
                    row.getString("dataset"),
                    from.plus(step.multipliedBy(row.getLong("step"))),
                    row.getLong("rows"),
                    row.getLong("rejected")))
        .list();
  }

  private Map<String, Status.LoadedObject> last(List<DatasetStatus> datasets) {
    List<DatasetStatus> loaded = datasets.stream().filter(one -> one.lastLoaded() != null).toList();
    Map<String, Status.LoadedObject> last = new HashMap<>();
    jdbc.sql(
            """
            select distinct on (o.dataset)
              o.dataset, 's3://' || o.bucket || '/' || o.key as location, o.rows, o.rejected, o.loaded_at
            from unnest(?, cast(? as timestamptz[])) as d (dataset, loaded_at)
            join ingest.object o on o.loaded_at = d.loaded_at and o.dataset = d.dataset
            order by o.dataset, o.id desc
            """)
        .params(
            loaded.stream().map(DatasetStatus::dataset).toArray(String[]::new),
            loaded.stream().map(one -> one.lastLoaded().toString()).toArray(String[]::new))
        .query(
            row -> {
              last.put(
                  row.getString("dataset"),
                  new Status.LoadedObject(
                      row.getString("location"),
                      row.getLong("rows"),
                      row.getLong("rejected"),
                      row.getTimestamp("loaded_at").toInstant()));
            });
    return last;
  }

  private List<Status.LoadingObject> loading() {
    return jdbc.sql(
            """
            select o.dataset, 's3://' || o.bucket || '/' || o.key as location, coalesce(o.size, 0) as size, o.rows, o.rejected,
              -- What is committed is known at once, but in bytes of the content.
              greatest(case when o.plain then upper(o.committed_bytes) end, l.bytes) as bytes,
              l.rows / nullif(l.seconds, 0) as rate,
              coalesce(i.seen_at - l.seconds * interval '1 second', o.started_at) as since,
              i.host || ':' || i.pid as by
            from ingest.object o
            left join (
              ingest.instance i
              cross join lateral jsonb_to_recordset(i.loading) as l (object_id bigint, bytes bigint, rows bigint, seconds float8)
            ) on i.id = o.owner and l.object_id = o.id
            where o.state = 'loading'
            order by since, o.id
            limit ?
            """)
        .param(SHOWN)
        .query(
            (row, n) ->
                new Status.LoadingObject(
                    row.getString("dataset"),
                    row.getString("location"),
                    row.getLong("size"),
                    row.getObject("bytes") == null ? -1 : row.getLong("bytes"),
                    row.getLong("rows"),
                    row.getLong("rejected"),
                    row.getObject("rate") == null ? -1 : row.getDouble("rate"),
                    row.getTimestamp("since").toInstant(),
                    row.getString("by")))
        .list();
  }

  private Status.Unloaded waiting() {
    String waits = "state = 'discovered' and not by_command and retry_at is not null";
    return new Status.Unloaded(
        jdbc.sql("select count(*) from ingest.object where " + waits).query(Long.class).single(),
        jdbc.sql(
                """
                select dataset, 's3://' || bucket || '/' || key as location, attempts, coalesce(error, '') as error, retry_at
                from ingest.object
                where %s
                order by retry_at
                limit ?
                """
                    .formatted(waits))
            .param(SHOWN)
            .query((row, n) -> attempted(row))
            .list());
  }

  /** Sorted by what no index has, which could be read from its begin to its end to find a few. */
  private Status.Unloaded failed(List<DatasetStatus> datasets) {
    return new Status.Unloaded(
        datasets.stream().mapToLong(DatasetStatus::failed).sum(),
        jdbc.sql(
                """
                select o.dataset, 's3://' || o.bucket || '/' || o.key as location, o.attempts, coalesce(o.error, '') as error,
                  null::timestamptz as retry_at
                from unnest(?) as d (dataset)
                join ingest.object o on o.dataset = d.dataset and o.state = 'failed'
                order by coalesce(o.started_at, o.discovered_at) desc
                limit ?
                """)
            .params(
                datasets.stream()
                    .filter(one -> one.failed() > 0)
                    .map(DatasetStatus::dataset)
                    .toArray(String[]::new),
                SHOWN)
            .query((row, n) -> attempted(row))
            .list());
  }

  private static Status.Attempted attempted(ResultSet row) throws SQLException {
    return new Status.Attempted(
        row.getString("dataset"),
        row.getString("location"),
        row.getInt("attempts"),
        row.getString("error"),
        instant(row, "retry_at").orElse(null));
  }

  private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
  }
}
