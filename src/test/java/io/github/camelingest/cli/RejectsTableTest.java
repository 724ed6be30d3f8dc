package io.github.camelingest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelingest.ledger.RejectedGroup;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RejectsTableTest {

  private static final int WIDEST = 110;

  @Test
  void countsExamplesAndTime() {
    String table = table("visits", 17, "not a JSON object at column 1");

    assertThat(table.lines())
        .containsExactly(
            "dataset      reason              lines   objects  last",
            "visits       bad_value       1,234,567       890  2026-07-30T12:00:01Z",
            "   s3://bucket/visits/a.jsonl line 17",
            "      not a JSON object at column 1");
  }

  @Test
  void messagesAreCutToTheWidth() {
    assertThat(table("visits", 1, "x".repeat(500)).lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(WIDEST))
        .last()
        .asString()
        .hasSize(WIDEST)
        .endsWith("x…");
  }

  @Test
  void nothingInItControlsTheTerminal() {
    String table = table("vis\u001b[2Jits", 1, "got '\u001b]0;owned\u0007\n\u202e'");

    assertThat(table.replace(System.lineSeparator(), ""))
        .contains("vis\\u001b[2Jits", "got '\\u001b]0;owned\\u0007\\u000a\\u202e'")
        .matches("[ -~]+");
  }

  private static String table(String dataset, long line, String message) {
    return RejectsTable.of(
        List.of(
            new RejectedGroup(
                dataset,
                "bad_value",
                1_234_567,
                890,
                Instant.parse("2026-07-30T12:00:01.234567Z"),
                List.of(new RejectedGroup.Example("s3://bucket/visits/a.jsonl", line, message)))),
        Terminal.UNLIMITED);
  }
}
