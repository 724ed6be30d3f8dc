package io.github.camelingest.ledger;

import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Messages of the queue that came for nothing that is loaded here. Keeps some thousand entries at
 * most. Waits while the database is away. Thread-safe.
 */
public final class StrayMessages {

  /** How many entries of a kind are shown one by one. */
  private static final int SHOWN = 10;

  private final JdbcClient jdbc;
  private final Outages outages;

  public StrayMessages(DataSource dataSource, Outages outages) {
    this.jdbc = JdbcClient.create(dataSource);
    this.outages = outages;
  }

  private enum Kind {
    FOREIGN(1_000),
    UNREADABLE(10_000);

    private final int mostEntries;

    Kind(int mostEntries) {
      this.mostEntries = mostEntries;
    }

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What there is of one kind.
   *
   * @param entries buckets or messages
   * @param times events, or receipts of the messages
   * @param latest the entries that came last, the newest first
   */
  public record Summary(long entries, long times, List<StrayMessage> latest) {}

  /**
   * Counts events of a bucket or prefix that nobody here loads.
   *
   * @param example the location of one of their objects
   */
  public void noteForeign(String bucket, long events, String example) {
    note(Kind.FOREIGN, bucket, events, example);
  }

  /**
   * Counts that a message was received which nobody understands.
   *
   * @param messageId of SQS
   * @param example what is wrong with it, and its beginning
   */
  public void noteUnreadable(String messageId, String example) {
    note(Kind.UNREADABLE, messageId, 1, example);
  }

  private void note(Kind kind, String what, long times, String example) {
    boolean isNew =
        outages.outlast(
            attempt ->
                jdbc.sql(
                        """
                        insert into ingest.stray_message as s (kind, what, times, first_at, last_at, example)
                        values (:kind, :what, :times, now(), now(), :example)
                        on conflict (kind, what) do update set
                          times = s.times + excluded.times, last_at = excluded.last_at, example = excluded.example
                        returning first_at = last_at
                        """)
                    .param("kind", kind.word())
                    .param("what", what)
                    .param("times", times)
                    .param("example", example)
                    .query(Boolean.class)
                    .single());
    if (isNew) {
      prune(kind);
    }
  }

  /**
   * Removes what came last before all that may stay, and messages that no queue has any more: 14
   * days are the longest that SQS keeps one. (SQS Developer Guide, "Amazon SQS message quotas")
   */
  private void prune(Kind kind) {
    outages.outlast(
        attempt ->
            jdbc.sql(
                    """
                    delete from ingest.stray_message
                    where kind = :kind and (
                      kind = 'unreadable' and last_at < now() - interval '14 days'
                      or last_at <= (
                        select last_at from ingest.stray_message where kind = :kind order by last_at desc offset :most limit 1
                      )
                    )
                    """)
                .param("kind", kind.word())
                .param("most", kind.mostEntries)
                .update());
  }

  /** Events of buckets or prefixes that nobody here loads. */
  public Summary foreign() {
    return summary(Kind.FOREIGN);
  }

  /** Messages that nobody understands. */
  public Summary unreadable() {
    return summary(Kind.UNREADABLE);
  }

  private Summary summary(Kind kind) {
    List<StrayMessage> latest = latest(kind);
    return outages.outlast(
        attempt ->
            jdbc.sql(
                    "select count(*) as entries, coalesce(sum(times), 0)::bigint as times from ingest.stray_message where kind = ?")
                .param(kind.word())
                .query(
                    (row, n) -> new Summary(row.getLong("entries"), row.getLong("times"), latest))
                .single());
  }

  private List<StrayMessage> latest(Kind kind) {
    return outages.outlast(
        attempt ->
            jdbc.sql(
                    "select what, times, first_at, last_at, example from ingest.stray_message where kind = ? order by last_at desc, what limit ?")
                .params(kind.word(), SHOWN)
                .query(
                    (row, n) ->
                        new StrayMessage(
                            row.getString("what"),
                            row.getLong("times"),
                            row.getTimestamp("first_at").toInstant(),
                            row.getTimestamp("last_at").toInstant(),
                            row.getString("example")))
                .list());
  }
}
