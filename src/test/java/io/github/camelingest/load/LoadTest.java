package io.github.camelingest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelingest.ledger.AfterLoad;
import io.github.camelingest.ledger.Claim;
import io.github.camelingest.ledger.LineRanges;
import io.github.camelingest.ledger.Overwriting;
import io.github.camelingest.ledger.Position;
import io.github.camelingest.ledger.Progress;
import io.github.camelingest.ledger.RejectedLine;
import io.github.camelingest.ledger.S3Object;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoadTest {

  private final Load load =
      new Load(
          new Claim(
              new S3Object("visits", "b", "visits/k", "", "e", 1),
              7,
              1,
              Position.START,
              LineRanges.parse("{}"),
              0,
              0,
              false,
              false,
              false),
          Overwriting.REPLACE,
          RejectionLimit.of(null),
          AfterLoad.KEEP,
          null,
          new Turn(new Semaphore(1)),
          () -> {});

  @Test
  void partsAreContiguousAndCountWhatNeverReachedABatch() {
    // Given lines 1 to 9: 2 and 6 are blank, 4 is filtered, 7 is rejected, 9 is filtered
    Chunk behind = chunk(line(4, 3, 1), line(5, 4, 1), line(7, 5, 2), line(8, 6, 2));
    behind.row(0, null);
    behind.row(2, new RejectedLine(7, "not_json", "", null, new byte[0]));
    Load.Part first = load.part();
    first.take(chunk(line(1, 1, 0)));
    first.take(chunk(line(3, 2, 1)));
    Load.Part second = load.part();
    second.take(behind);
    load.read(new Position(9, 90), 7, 2);

    // When
    Progress one = first.progress(List.of());
    Progress two = second.progress(List.of());
    Progress rest = load.rest();

    // Then
    assertThat(one)
        .extracting(Progress::from, Progress::to)
        .containsExactly(Position.START, new Position(3, 30));
    assertThat(one)
        .extracting(Progress::rows, Progress::blank, Progress::filtered)
        .containsExactly(2L, 1L, 0L);
    assertThat(two)
        .extracting(Progress::from, Progress::to)
        .containsExactly(new Position(3, 30), new Position(8, 80));
    assertThat(two)
        .extracting(Progress::rows, Progress::blank, Progress::filtered)
        .containsExactly(2L, 1L, 1L);
    assertThat(two.rejected()).hasSize(1);
    assertThat(rest)
        .extracting(Progress::from, Progress::to)
        .containsExactly(new Position(8, 80), new Position(9, 90));
    assertThat(rest).extracting(Progress::blank, Progress::filtered).containsExactly(0L, 1L);
  }

  @Test
  void waitsUntilEveryPartIsSettled() throws Exception {
    // Given
    Load.Part first = load.part();
    first.take(chunk(line(1, 1, 0)));
    Load.Part second = load.part();
    second.take(chunk(line(2, 2, 0)));
    CompletableFuture<Void> settled = CompletableFuture.runAsync(this::awaitSettled);

    // When
    second.committed(0);
    boolean early = settled.isDone();
    first.committed(0);
    settled.get(10, TimeUnit.SECONDS);

    // Then
    assertThat(early).isFalse();
    load.check();
  }

  @Test
  void failsWithTheFirstFailureOfAPart() throws Exception {
    // Given
    Load.Part first = load.part();
    first.take(chunk(line(1, 1, 0)));
    Load.Part second = load.part();
    second.take(chunk(line(2, 2, 0)));

    // When
    second.failed(new IllegalStateException("first to fail"));
    first.failed(new IllegalStateException("later"));
    load.awaitSettled();

    // Then
    assertThatThrownBy(load::check).hasMessage("first to fail");
  }

  private void awaitSettled() {
    try {
      load.awaitSettled();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Chunk chunk(Line... lines) {
    Chunk chunk = new Chunk(load, lines.length, 0);
    List.of(lines).forEach(chunk::add);
    return chunk;
  }

  private static Line line(long number, long ordinal, long blanksBefore) {
    return new Line(number, new byte[0], null, ordinal, blanksBefore, 10 * number);
  }
}
