package io.github.camelingest.it;

import static io.github.camelingest.it.Jar.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelingest.local.SampleData;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows that PostgreSQL refuses become rejected lines, and cost no other row. */
class RefusedRowsIT {

  private static final int VISITS = 10_000;

  private final Space space = Space.create();
  private final Map<String, String> environment =
      with(space.environment(), "INGEST_BATCH_SIZE", "" + VISITS);

  /** A constraint that a user has added. */
  @BeforeEach
  void addConstraint() {
    Jar.run(environment, "load", "network").succeeded();
    space
        .sql()
        .sql("alter table fsm.visit add constraint no_old_nodes check (node_age < 1000)")
        .update();
  }

  @Test
  void oneRefusedRowInTenThousandIsRejectedAlone() {
    String[] lines = lines(1);
    lines[4_321] = refused(lines[4_321]);
    space.put("visits/a.jsonl", String.join("\n", lines));

    Jar.Result result = Jar.run(environment, "load", "visits").succeeded();

    assertThat(result.out()).contains("9,999 rows and 1 rejected lines");
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(VISITS - 1);
    assertThat(
            space.rows(
                "select line, reason, sqlstate, message, convert_from(raw, 'UTF8') as raw from ingest.rejected_line"))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("line", 4_322L)
                    .containsEntry("reason", "refused")
                    .containsEntry("sqlstate", "23514")
                    .containsEntry(
                        "message",
                        "new row for relation \"visit\" violates check constraint \"no_old_nodes\"")
                    .containsEntry("raw", lines[4_321]));
    assertThat(space.number("select rows from ingest.files where complete")).isEqualTo(VISITS - 1);
  }

  @Test
  void halfOfTenThousandRowsRefusedLeavesTheOtherHalf() {
    String[] lines = lines(1);
    for (int i = 0; i < VISITS; i += 2) {
      lines[i] = refused(lines[i]);
    }
    space.put("visits/a.jsonl", String.join("\n", lines));

    try (Jar jar = Jar.start(environment, "load", "visits")) {
      jar.await(Duration.ofMinutes(3)).succeeded();
    }

    assertThat(space.number("select count(*) from fsm.visit where line % 2 = 0"))
        .isEqualTo(VISITS / 2);
    assertThat(space.number("select count(*) from ingest.rejected_line where line % 2 = 1"))
        .isEqualTo(VISITS / 2);
    assertThat(space.rows("select rows, rejected, attempts from ingest.files where complete"))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("rows", VISITS / 2L)
                    .containsEntry("rejected", VISITS / 2L)
                    .containsEntry("attempts", 1));
  }

  @Test
  void aRefusedRowCostsNothingToTheObjectsThatShareItsBatch() {
    space.put("visits/bad.jsonl", refused(lines(1)[0]) + "\nno json\n");
    space.put("visits/good.jsonl", new SampleData(2).visits(10).replace("\"TASK", "\"TASK90"));

    Jar.run(environment, "load", "visits").succeeded();

    assertThat(
            space
                .sql()
                .sql(
                    "select key || ' ' || rows || ' ' || rejected from ingest.object where dataset = 'visits' order by 1")
                .query(String.class)
                .list())
        .isEqualTo(List.of("visits/bad.jsonl 0 2", "visits/good.jsonl 10 0"));
  }

  @Test
  void linesThatTogetherAreTooLargeForOneBatchLoadInASmallHeap() {
    // Given 300 MB of lines of 1 MB in a heap of 96 MB
    String filler = "x".repeat(1_000_000);
    StringBuilder lines = new StringBuilder();
    for (String line : new SampleData(3).visits(300).split("\n")) {
      lines.append(line, 0, line.length() - 1).append(", \"remark\": \"");
      lines.append(filler).append("\"}\n");
    }
    space.put("visits/long.jsonl", lines.toString());

    Jar.run(environment, "load", "visits").succeeded();

    assertThat(
            space.number("select count(*) from fsm.visit where length(rest->>'remark') = 1000000"))
        .isEqualTo(300);
  }

  private static String[] lines(long seed) {
    return new SampleData(seed).visits(VISITS).split("\n");
  }

  private static String refused(String line) {
    return line.replaceFirst("\"node_age\": \\d+", "\"node_age\": 1000");
  }
}
