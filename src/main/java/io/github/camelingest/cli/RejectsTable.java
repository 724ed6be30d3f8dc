package io.github.camelingest.cli;

import io.github.camelingest.ledger.RejectedGroup;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Rejected lines for a person: a row for each dataset and reason, its examples below it. Messages
 * are cut; locations are not, since they are there to be copied.
 */
final class RejectsTable {

  /** Of rows and messages, unless the terminal is narrower. */
  private static final int WIDTH = 110;

  /** Of rows. */
  private static final int ROW = 70;

  private static final String MESSAGE_INDENT = "      ";

  private RejectsTable() {}

  /**
   * @param width columns that there are; where rows do not fit, each is a paragraph
   */
  static String of(List<RejectedGroup> groups, int width) {
    boolean narrow = width < ROW;
    StringBuilder table = new StringBuilder();
    if (!narrow) {
      table.append(
          "%-12s %-14s %10s %9s  %s%n".formatted("dataset", "reason", "lines", "objects", "last"));
    }
    for (RejectedGroup group : groups) {
      table.append(
          (narrow
                  ? "%s %s%n  %,d lines of %,d objects%n  last %s%n"
                  : "%-12s %-14s %,10d %,9d  %s%n")
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
                    VisibleText.cut(
                        example.message(), Math.min(width, WIDTH) - MESSAGE_INDENT.length())));
      }
    }
    return table.toString();
  }
}
