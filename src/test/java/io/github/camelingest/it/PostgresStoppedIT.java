package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelingest.local.SampleData;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** PostgreSQL is stopped: loading waits and goes on, and the tables come out the same. */
@Isolated("it stops the PostgreSQL of all")
class PostgresStoppedIT {

  private final Space space = Space.create();

  @AfterEach
  void startPostgres() {
    Space.servers().startPostgres();
  }

  @Test
  void postgresKilledInTheMiddleOfAFile() {
    try (Jar jar = OutageIT.startInTheMiddleOfAFile(space)) {
      // When
      Space.servers().killPostgres();
      jar.awaitUntil(() -> jar.log().contains("PostgreSQL is away"));
      space.put(
          "visits/meanwhile.jsonl",
          new SampleData(2).visits(10).replace("\"task_id\": \"TASK", "\"task_id\": \"TASK900000"));
      Space.servers().startPostgres();

      // Then the load goes on; it does not begin again
      OutageIT.awaitLoaded(jar, space, 2);
      assertThat(jar.log()).contains("PostgreSQL is back after");
      assertThat(jar.log().split("PostgreSQL is away", -1)).hasSize(2);
      assertThat(jar.log()).doesNotContain("not loaded", "\tat ");
      assertThat(space.number("select max(attempts) from ingest.object")).isEqualTo(1);
    }
    assertThat(tablesOf("visits/a.jsonl")).isEqualTo(OutageIT.undisturbed());
  }

  @Test
  void sigtermWhilePostgresIsAwayEndsInGoodOrder() {
    try (Jar jar = OutageIT.startInTheMiddleOfAFile(space)) {
      // Given
      Space.servers().killPostgres();
      jar.awaitUntil(() -> jar.log().contains("PostgreSQL is away"));

      // When
      jar.terminate();

      // Then
      assertThat(jar.await(Duration.ofSeconds(10)).exitCode()).isZero();
    }
  }

  /** The tables without what came from other objects. */
  private List<String> tablesOf(String key) {
    Pattern other = Pattern.compile("\"key\": \"(?!" + Pattern.quote(key) + "\")");
    return space.tables().stream().filter(row -> !other.matcher(row).find()).toList();
  }
}
