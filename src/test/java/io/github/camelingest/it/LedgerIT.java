package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelingest.ledger.AfterLoad;
import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.ledger.Claim;
import io.github.camelingest.ledger.ClaimLostException;
import io.github.camelingest.ledger.Claims;
import io.github.camelingest.ledger.CommittedLines;
import io.github.camelingest.ledger.Ledger;
import io.github.camelingest.ledger.Outages;
import io.github.camelingest.ledger.Overwriting;
import io.github.camelingest.ledger.Position;
import io.github.camelingest.ledger.Progress;
import io.github.camelingest.ledger.S3Object;
import io.github.camelingest.ledger.Sighting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ledger by itself, in turns that are hard to get with S3. */
class LedgerIT {

  private static final Space SPACE = Space.create();

  private final Outages outages = new Outages();
  private final Claims claims = new Claims(SPACE.dataSource(), outages, "test");
  private final Ledger ledger = new Ledger(SPACE.dataSource(), outages);
  private final Backlog backlog = new Backlog(SPACE.dataSource(), outages);

  @BeforeEach
  void nothingIsKnown() {
    if (SPACE.number("select count(*) from pg_namespace where nspname = 'ingest'") == 0) {
      Jar.run(SPACE.environment(), "reconcile").succeeded();
    }
    SPACE.sql().sql("truncate ingest.object cascade").update();
  }

  @Test
  void ofTwoClaimsOnAnObjectInOneBatchTheEarlierIsLost() {
    // Given an object that was claimed again, since its lease had run out
    backlog.enter(List.of(seen("A", "")));
    Claim lost = take();
    SPACE.sql().sql("update ingest.object set lease_until = now() - interval '1 s'").update();
    Claim good = take();

    // Then
    assertThatThrownBy(
            () ->
                new CommittedLines(SPACE.dataSource())
                    .add(List.of(lines(good, 10), lines(lost, 50))))
        .isInstanceOf(ClaimLostException.class);
  }

  @Test
  void aVersionThatIsWrittenAgainIsNotSupersededByTheOneBeforeIt() {
    // Given A, opened and then found to be overwritten, and B, which is opened
    backlog.enter(List.of(seen("A", "")));
    Claim a = take();
    open(a);
    ledger.closed(a, "superseded", "overwritten");
    backlog.enter(List.of(seen("B", "")));
    Claim b = take();
    open(b);

    // When A is written again before B is loaded
    assertThat(backlog.enter(List.of(seen("A", "")))).isEqualTo(1);
    ledger.loaded(lines(b, 0), Overwriting.REPLACE, AfterLoad.KEEP);

    // Then it is loaded in its turn
    assertThat(states()).containsExactly("A discovered", "B loaded");
  }

  @Test
  void oneObjectInOneMessageSeveralTimesIsEnteredOnce() {
    assertThat(
            backlog.enter(List.of(seen("A", ""), seen("A", ""), seen("B", "v1"), seen("B", "v1"))))
        .isEqualTo(2);
  }

  @Test
  void whereRetriesAreDueNewObjectsHaveTheirTurn() {
    // Given one object that is new and many that are due again
    backlog.enter(List.of(seen("new", "")));
    List<Sighting> due = new ArrayList<>();
    for (int n = 0; n < 200; n++) {
      due.add(seen("due" + n, ""));
    }
    backlog.enter(due);
    SPACE
        .sql()
        .sql("update ingest.object set retry_at = now() - interval '1 h' where etag like 'due%'")
        .update();
    // So that small ones do not come beyond the one.
    SPACE.sql().sql("update ingest.object set size = ?").param(1 + Claims.SMALL_BYTES).update();

    // When there is room for one at a time
    int takes = 1;
    while (!take().object().etag().equals("new")) {
      takes++;
    }

    // Then it comes soon: of 100 takes none would fail once in 2 to the power of 100 times
    assertThat(takes).isLessThan(100);
  }

  private Claim take() {
    return claims.take("visits", "", true, List.of(), 1).get(0);
  }

  private void open(Claim claim) {
    ledger.opened(claim, Instant.now(), 1, true);
  }

  private static Progress lines(Claim claim, long lines) {
    return new Progress(
        claim, Position.START, new Position(lines, 10 * lines), lines, List.of(), 0, 0);
  }

  @Test
  void onlySmallObjectsAreTakenBeyondWhatMayBeRead() {
    for (String etag : List.of("A", "B", "C", "D", "E")) {
      backlog.enter(List.of(seen(etag, "")));
    }
    SPACE
        .sql()
        .sql("update ingest.object set size = case etag when 'E' then ? else ? + 1 end")
        .params(Claims.SMALL_BYTES, Claims.SMALL_BYTES)
        .update();

    assertThat(claims.take("visits", "", true, List.of(), 2))
        .extracting(claim -> claim.object().etag())
        .hasSize(3)
        .contains("E");
  }

  private static Sighting seen(String etag, String version) {
    return new Sighting(
        new S3Object("visits", "bucket", "visits/a.jsonl", version, etag, 1), Instant.now(), true);
  }

  private static List<String> states() {
    return SPACE
        .sql()
        .sql("select etag || ' ' || state from ingest.object order by id")
        .query(String.class)
        .list();
  }
}
