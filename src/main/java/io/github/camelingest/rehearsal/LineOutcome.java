package io.github.camelingest.rehearsal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelingest.ledger.RejectedLine;

/** What a line of a case has become. */
sealed interface LineOutcome {

  /** A row, by its columns. */
  record Row(ObjectNode columns) implements LineOutcome {
    @Override
    public String toString() {
      return "the row " + columns;
    }
  }

  /** A rejected line. */
  record Rejected(RejectedLine line) implements LineOutcome {
    @Override
    public String toString() {
      return "rejected: %s: %s".formatted(line.reason(), line.message());
    }
  }

  /** A step of the route left it out. */
  record Filtered() implements LineOutcome {
    @Override
    public String toString() {
      return "filtered";
    }
  }

  /** There is no such line, or it is blank. */
  record None() implements LineOutcome {
    @Override
    public String toString() {
      return "no line of that number that has content";
    }
  }
}
