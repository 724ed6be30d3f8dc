package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.ledger.Claims;
import io.github.camelingest.ledger.ListedPage;
import io.github.camelingest.ledger.Outages;
import io.github.camelingest.ledger.Reconciliation;
import io.github.camelingest.ledger.S3Object;
import io.github.camelingest.ledger.Sighting;
import io.github.camelingest.ledger.Status;
import io.github.camelingest.ledger.StatusQuery;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is asked of the ledger again and again reads as much of it as it needs, by an index. */
class LargeLedgerIT {

  private static final int ENTRIES = 1_000_000;

  private static final Space SPACE = Space.create();
  private static final Explaining DATABASE = new Explaining(SPACE.dataSource());
  private static final Backlog BACKLOG = new Backlog(DATABASE, new Outages());
  private static final Instant COMMAND = Instant.parse("2026-01-03T00:00:00Z");
  private static final Claims CLAIMS = new Claims(DATABASE, new Outages(), "test");

  @BeforeAll
  static void aMillionEntries() throws SQLException {
    Jar.run(SPACE.environment(), "reconcile").succeeded();
    try (var connection = SPACE.connection();
        Statement statement = connection.createStatement()) {
      statement.execute(LargeBucket.enter(SPACE.bucket(), ENTRIES, "true"));
      // A third waits, some of it after a failure; some are gone for long.
      statement.execute(
          "update ingest.object set state = 'discovered', lines = null, loaded_at = null where id % 3 = 1");
      statement.execute(
          "update ingest.object set retry_at = now() + (id - 500000) * interval '1 second' where id % 30 = 1");
      statement.execute(
          """
          insert into ingest.object (dataset, bucket, key, etag, replay, by_command, discovered_at)
          select dataset, bucket, key, etag, true, true, '2026-01-03 00:00:00Z' from ingest.object where id % 30 = 2
          """);
      statement.execute(
          "update ingest.object set gone_since = now() - interval '91 days' where id % 1000 = 3");
      statement.execute("vacuum analyze ingest.object");
    }
  }

  @Test
  void takingObjects() {
    assertThat(CLAIMS.take("visits", "", true, List.of(1L, 2L), 8)).hasSize(Claims.TOGETHER);

    assertThat(DATABASE.plans())
        .last()
        .asString()
        .contains("Index Scan using object_new", "Index Scan using object_again")
        .contains("Index Cond: ((dataset = 'visits'::text) AND (retry_at")
        // It would take all that wait.
        .doesNotContain("Sort Key: (COALESCE");
  }

  @Test
  void takingReplays() {
    assertThat(CLAIMS.takeReplays("visits", COMMAND, List.of(1L), 8)).hasSize(8);

    assertThat(DATABASE.plans()).last().asString().contains("Index Scan using object_of_command");
  }

  @Test
  void enteringWhatANotificationTellsOf() {
    BACKLOG.enter(List.of(sighting(5), sighting(ENTRIES + 5)));

    assertNothingIsReadToItsEnd();
  }

  @Test
  void comparingAPage() {
    List<Sighting> page =
        IntStream.range(500_000, 501_000).mapToObj(LargeLedgerIT::sighting).toList();

    BACKLOG.compare(
        new ListedPage(
            "visits",
            SPACE.bucket(),
            "visits/",
            LargeBucket.key(499_999),
            Optional.of(LargeBucket.key(500_999)),
            page));

    assertNothingIsReadToItsEnd();
  }

  @Test
  void pruning() {
    Reconciliation comparison = Reconciliation.begun("visits", SPACE.bucket(), "visits/");

    assertThat(BACKLOG.prune(comparison, Duration.ofDays(90))).isPositive();

    assertNothingIsReadToItsEnd();
  }

  @Test
  void status() {
    BACKLOG.status();

    // Sums over all entries, but from the index alone.
    assertThat(DATABASE.plans())
        .last()
        .asString()
        .contains("Index Only Scan using object_status")
        .doesNotContain("Seq Scan on object");
  }

  @Test
  void everythingThatStatusTells() {
    Status status = new StatusQuery(DATABASE).status(60);

    assertThat(status.waiting().objects()).isPositive();
    assertThat(status.datasets().get(1).oldest()).isNotNull();
    // But for what was loaded within the hour, which is all of it here.
    assertThat(DATABASE.plans().stream().filter(plan -> !plan.contains("generate_series")))
        .hasSizeGreaterThan(10)
        .noneSatisfy(plan -> assertThat(plan).contains("Seq Scan on object"));
  }

  @Test
  void whatIsUnfinished() {
    BACKLOG.unfinished("visits", "");

    assertNothingIsReadToItsEnd();
  }

  private static void assertNothingIsReadToItsEnd() {
    assertThat(DATABASE.plans())
        .last()
        .asString()
        .contains("Index")
        .doesNotContain("Seq Scan on object");
  }

  private static Sighting sighting(int number) {
    return new Sighting(
        new S3Object(
            "visits", SPACE.bucket(), LargeBucket.key(number), "", "%032x".formatted(number), 100),
        Instant.now(),
        true);
  }
}
