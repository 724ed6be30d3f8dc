package io.github.camelingest.ledger;

import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Rows of JSON that are held back until their object is complete ({@code ingest.incoming_row}).
 * Belongs in a transaction of the caller. Thread-safe.
 */
public final class HeldRows {

  private final JdbcClient jdbc;

  public HeldRows(DataSource dataSource) {
    this.jdbc = JdbcClient.create(dataSource);
  }

  /**
   * Lines of an object.
   *
   * @param from the first, from 1
   * @param to the last
   */
  public record Range(long from, long to) {

    /** Lines in it, with a row or without. */
    public long size() {
      return to - from + 1;
    }

    /** Its first half; as large as the second, or one line larger. */
    public Range firstHalf() {
      return new Range(from, middle());
    }

    /** The rest of it. */
    public Range secondHalf() {
      return new Range(middle() + 1, to);
    }

    private long middle() {
      return from + (to - from) / 2;
    }
  }

  /** The lines between which all rows of an object lie; of no size, if there are none. */
  public Range all(long objectId) {
    return jdbc.sql(
            """
            select coalesce(min(line), 1) as "from", coalesce(max(line), 0) as "to"
            from ingest.incoming_row
            where object_id = ?
            """)
        .param(objectId)
        .query(Range.class)
        .single();
  }

  /**
   * Makes rows of an object the content of a table with the columns json, object_id and line, in
   * place of others.
   *
   * @param lines those of the rows
   * @return how many rows
   */
  public long fill(String table, long objectId, Range lines) {
    // Rows of an attempt that was rolled back go with it; deleted ones would have to be read over.
    jdbc.sql("truncate " + table).update();
    return jdbc.sql(
            """
            insert into %s (json, object_id, line)
            select json, object_id, line
            from ingest.incoming_row
            where object_id = ? and line between ? and ?
            """
                .formatted(table))
        .params(objectId, lines.from(), lines.to())
        .update();
  }

  /**
   * Makes rows rejected lines, before their object is marked loaded or in the same transaction. A
   * repetition changes nothing.
   *
   * @param refused the lines; in place of their bytes, the ledger keeps the JSON of the rows
   * @throws ClaimLostException if the claim is no longer ours; the transaction must roll back
   */
  public void refuse(Claim claim, List<RejectedLine> refused) {
    if (refused.isEmpty()) {
      return;
    }
    Ledger.fenced(
        claim,
        jdbc.sql(
                """
                with refused as (
                  delete from ingest.incoming_row i
                  using unnest(?, ?, ?, ?) as r (line, reason, message, sqlstate)
                  where i.object_id = ? and i.line = r.line
                  returning i.object_id, i.line, r.reason, r.message, r.sqlstate, i.json
                ), rejected as (
                  insert into ingest.rejected_line (object_id, line, reason, message, sqlstate, raw)
                  select object_id, line, reason, message, sqlstate, substring(convert_to(json::text, 'UTF8') for ?)
                  from refused
                )
                update ingest.object
                set rows = rows - (select count(*) from refused), rejected = rejected + (select count(*) from refused)
                where id = ? and epoch = ? and state in ('loading', 'loaded')
                """)
            .params(
                refused.stream().map(RejectedLine::line).toArray(Long[]::new),
                refused.stream().map(RejectedLine::reason).toArray(String[]::new),
                refused.stream().map(RejectedLine::message).toArray(String[]::new),
                refused.stream().map(RejectedLine::sqlState).toArray(String[]::new),
                claim.objectId(),
                RejectedLine.MOST_RAW_BYTES,
                claim.objectId(),
                claim.epoch())
            .update());
  }

  /**
   * Deletes what is held back of an object and of versions of its key that do not hold any more.
   */
  public void forget(long objectId) {
    jdbc.sql(
            """
            delete from ingest.incoming_row
            where object_id in (select ? union all select ingest.outdated(?))
            """)
        .params(objectId, objectId)
        .update();
  }
}
