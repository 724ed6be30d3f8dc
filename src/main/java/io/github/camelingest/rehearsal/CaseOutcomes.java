package io.github.camelingest.rehearsal;

import io.github.camelingest.ledger.RejectedLine;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the lines of a case have become. Not thread-safe. */
final class CaseOutcomes implements Outcomes {

  private final SortedMap<Long, LineOutcome> lines = new TreeMap<>();

  @Override
  public void read(long line) {
    lines.put(line, new LineOutcome.Filtered());
  }

  @Override
  public void row(long line, Object row) {
    lines.put(line, new LineOutcome.Row(RowJson.of(line, row)));
  }

  @Override
  public void rejected(RejectedLine line) {
    lines.put(line.line(), new LineOutcome.Rejected(line));
  }

  /** By the numbers of the lines; blank ones are left out. */
  SortedMap<Long, LineOutcome> lines() {
    return lines;
  }
}
