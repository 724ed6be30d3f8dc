package io.github.camelingest.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reads from the ledger what whoever watches is told. Does not wait while the database is away.
 * Thread-safe.
 */
public final class Figures {

  /** Longer than a ledger of millions of objects takes; whoever watches must not be a burden. */
  private static final int LONGEST_SECONDS = 10;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Backlog backlog;

  public Figures(DataSource dataSource) {
    jdbc = JdbcClient.create(dataSource);
    transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    transaction.setReadOnly(true);
    transaction.setTimeout(LONGEST_SECONDS);
    // In a transaction nobody waits.
    backlog = new Backlog(dataSource, new Outages());
  }

  /** Those of each dataset that the ledger knows. */
  public List<DatasetFigures> read() {
    return transaction.execute(
        status -> {
          jdbc.sql("set local statement_timeout = '%d s'".formatted(LONGEST_SECONDS)).update();
          List<DatasetStatus> counts = backlog.status();
          Map<String, Instant> oldest = backlog.oldest(counts);
          return counts.stream().map(one -> of(one, oldest.get(one.dataset()))).toList();
        });
  }

  private DatasetFigures of(DatasetStatus counts, Instant oldest) {
    return jdbc.sql(
            """
            select
              clock_timestamp() as at,
              coalesce(
                (select error from ingest.object
                  where dataset = :dataset and state = 'failed' and error is not null limit 1),
                (select error from ingest.object
                  where dataset = :dataset and state = 'discovered' and not by_command and retry_at is not null
                  order by retry_at limit 1)
              ) as error
            """)
        .param("dataset", counts.dataset())
        .query(
            (row, n) ->
                new DatasetFigures(
                    counts,
                    row.getTimestamp("at").toInstant(),
                    Optional.ofNullable(oldest),
                    Optional.ofNullable(row.getString("error"))))
        .single();
  }
}
