package io.github.camelingest.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The rejected lines that the ledger keeps, for whoever wants to see them. Thread-safe. */
public final class RejectedLines {

  /** Lines fetched at once: up to 4 MB, since their bytes come as hexadecimal digits. */
  private static final int FETCHED_AT_ONCE = 200;

  private static final String MATCHES =
      """
      (cast(:dataset as text) is null or o.dataset = :dataset)
      and (cast(:reason as text) is null or r.reason = :reason)
      and (
        cast(:objects as text[]) is null
        or o.key = any(cast(:objects as text[]))
        or 's3://' || o.bucket || '/' || o.key = any(cast(:objects as text[]))
      )
      """;

  /**
   * The examples come from different objects where there are some, the newest first. They are
   * looked up by key, so that nothing sorts lines or reads their bytes.
   */
  private static final String GROUPS =
      """
      with per_object as materialized (
        select
          o.dataset, r.reason, o.id,
          count(*) as lines, max(r.at) as last, min(r.line) as first_line, max(r.line) as last_line
        from ingest.rejected_line r
        join ingest.object o on o.id = r.object_id
        where %s
        group by o.id, r.reason
      ),
      per_reason as (
        select dataset, reason, sum(lines)::bigint as lines, count(*) as objects, max(last) as last
        from per_object
        group by dataset, reason
      )
      select g.dataset, g.reason, g.lines, g.objects, g.last, e.location, e.line, e.message
      from per_reason g
      cross join lateral (
        select 's3://' || o.bucket || '/' || o.key as location, r.line, r.message, r.nth, p.last, p.id
        from (
          select id, last, first_line, last_line
          from per_object
          where dataset = g.dataset and reason = g.reason
          order by last desc, id desc
          limit 3
        ) p
        join ingest.object o on o.id = p.id
        cross join lateral (
          select line, message, row_number() over (order by line) as nth
          from ingest.rejected_line
          where object_id = p.id and reason = g.reason and line between p.first_line and p.last_line
          order by line
          limit 3
        ) r
        order by r.nth, p.last desc, p.id desc
        limit 3
      ) e
      order by g.lines desc, g.dataset, g.reason, e.nth, e.last desc, e.id desc
      """
          .formatted(MATCHES);

  private static final String LINES =
      """
      select
        o.dataset, 's3://' || o.bucket || '/' || o.key as location,
        r.line, r.reason, r.message, r.sqlstate, r.raw, r.at
      from ingest.rejected_line r
      join ingest.object o on o.id = r.object_id
      where %s
      order by r.object_id, r.line
      """
          .formatted(MATCHES);

  private final NamedParameterJdbcTemplate jdbc;
  private final TransactionTemplate transaction;

  public RejectedLines(DataSource dataSource) {
    JdbcTemplate template = new JdbcTemplate(dataSource);
    template.setFetchSize(FETCHED_AT_ONCE);
    jdbc = new NamedParameterJdbcTemplate(template);
    transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    transaction.setReadOnly(true);
  }

  /**
   * Which rejected lines are wanted; null means any.
   *
   * @param objects keys or locations ({@code s3://bucket/key}), one of which is the object's
   */
  public record Filter(String dataset, List<String> objects, String reason) {

    private MapSqlParameterSource parameters() {
      return new MapSqlParameterSource("dataset", dataset)
          .addValue("objects", objects == null ? null : objects.toArray(String[]::new))
          .addValue("reason", reason);
    }
  }

  /** Counts and up to three examples per dataset and reason, the most frequent first. */
  public List<RejectedGroup> groups(Filter filter) {
    Map<List<String>, RejectedGroup> groups = new LinkedHashMap<>();
    jdbc.query(
        GROUPS,
        filter.parameters(),
        row -> {
          List<String> key = List.of(row.getString("dataset"), row.getString("reason"));
          groups.putIfAbsent(key, group(row));
          groups
              .get(key)
              .examples()
              .add(
                  new RejectedGroup.Example(
                      row.getString("location"), row.getLong("line"), row.getString("message")));
        });
    return List.copyOf(groups.values());
  }

  /**
   * Hands over all lines one after the other, in the order of their objects' discovery, without
   * holding more than a few.
   *
   * @return how many there were
   */
  public long each(Filter filter, Consumer<KeptLine> taker) {
    return transaction.execute(
        status -> {
          // Whoever takes the lines may be a person who pages through them.
          jdbc.getJdbcOperations().execute("set local idle_in_transaction_session_timeout = 0");
          long[] lines = {0};
          jdbc.query(
              LINES,
              filter.parameters(),
              row -> {
                taker.accept(keptLine(row));
                lines[0]++;
              });
          return lines[0];
        });
  }

  private static RejectedGroup group(ResultSet row) throws SQLException {
    return new RejectedGroup(
        row.getString("dataset"),
        row.getString("reason"),
        row.getLong("lines"),
        row.getLong("objects"),
        row.getTimestamp("last").toInstant(),
        new ArrayList<>());
  }

  private static KeptLine keptLine(ResultSet row) throws SQLException {
    return new KeptLine(
        row.getString("dataset"),
        row.getString("location"),
        new RejectedLine(
            row.getLong("line"),
            row.getString("reason"),
            row.getString("message"),
            row.getString("sqlstate"),
            row.getBytes("raw")),
        row.getTimestamp("at").toInstant());
  }
}
