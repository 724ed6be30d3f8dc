package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelingest.local.LocalStack;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A comparison of a large bucket with a large ledger. */
class LargeBucketIT {

  private static final int OBJECTS = 200_000;
  private static final int EVERY = 20_000;

  @TempDir private static Path data;
  private static LocalStack stack;
  private static Space space;

  @BeforeAll
  static void aLedgerThatKnowsAllObjectsButTen() {
    // PostgreSQL's programs are unpacked once for the JVM: not into a folder that goes with this
    // class.
    Space.servers();
    stack = LocalStack.start(LocalStack.Options.in(data), store -> new LargeBucket(store, OBJECTS));
    space = new Space(stack.space("large"));
    Jar.run(space.environment(), "reconcile", "network").succeeded();
    space
        .sql()
        .sql(LargeBucket.enter(space.bucket(), OBJECTS, "n %% %d <> 7".formatted(EVERY)))
        .update();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void findsExactlyWhatIsMissing() {
    // When
    Jar.Result result = Jar.run(space.environment(), "reconcile", "visits").succeeded();

    // Then
    assertThat(result.out())
        .matches(
            "visits: s3://large/visits/ has 200,000 objects \\(200 requests, [0-9.]+ s\\): 10 to load; 0 removed from the ledger\\R");
    List<String> missing =
        IntStream.range(0, OBJECTS / EVERY).mapToObj(n -> LargeBucket.key(n * EVERY + 7)).toList();
    assertThat(
            space
                .sql()
                .sql("select key from ingest.object where state = 'discovered' order by key")
                .query(String.class)
                .list())
        .isEqualTo(missing);
    assertThat(space.number("select count(*) from ingest.object")).isEqualTo(OBJECTS);
    assertThat(space.number("select count(*) from ingest.object where gone_since is not null"))
        .isZero();
  }
}
