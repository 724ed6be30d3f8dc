package io.github.camelingest.cli;

import io.github.camelingest.ledger.RejectedGroup;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Rejected lines for a person: a row for each dataset and reason, its examples below it. Messages
 * are cut; locations are not, since they are there to be copied.
 */
final class RejectsTable {

  /** Of rows and messages. */
  private static final int WIDTH = 110;

  private static final String MESSAGE_INDENT = "      ";

  private RejectsTable() {}

  static String of(List<RejectedGroup> groups) {
    StringBuilder table = new StringBuilder();
    table.append(
        "%-12s %-14s %10s %9s  %s%n".formatted("dataset", "reason", "lines", "objects", "last"));
    for (RejectedGroup group : groups) {
      table.append(
          "%-12s %-14s %,10d %,9d  %s%n"
              .formatted(
                  VisibleText.of(group.dataset()),
                  VisibleText.of(group.reason()),
                  group.lines(),
                  group.objects(),
                  group.last().truncatedTo(ChronoUnit.SECONDS)));
      for (RejectedGroup.Example example : group.examples()) {
        table.append(
            "   %s line %d%n%s%s%n"
                .formatted(
                    VisibleText.of(example.location()),
                    example.line(),
                    MESSAGE_INDENT,
                    VisibleText.cut(example.message(), WIDTH - MESSAGE_INDENT.length())));
      }
    }
    return table.toString();
  }
}
