package io.github.camelingest.ledger;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A set of line numbers, or of bytes, as ascending, disjoint ranges: the Java side of {@code
 * int8multirange}. Immutable.
 */
public final class LineRanges {

  private static final Pattern RANGE = Pattern.compile("\\[(\\d+),(\\d+)\\)");

  /** Pairs of first line and first line after. */
  private final long[] bounds;

  private LineRanges(long[] bounds) {
    this.bounds = bounds;
  }

  /** Reads PostgreSQL's text form, for example <code>{[1,5001),[10001,15001)}</code>. */
  public static LineRanges parse(String multirange) {
    return new LineRanges(
        RANGE
            .matcher(multirange)
            .results()
            .flatMapToLong(r -> java.util.stream.LongStream.of(bound(r, 1), bound(r, 2)))
            .toArray());
  }

  private static long bound(java.util.regex.MatchResult range, int group) {
    return Long.parseLong(range.group(group));
  }

  /**
   * The first line behind the range that has this one.
   *
   * @throws IllegalArgumentException if none has it
   */
  long endOfRangeWith(long line) {
    for (int i = 0; i < bounds.length; i += 2) {
      if (bounds[i] <= line && line < bounds[i + 1]) {
        return bounds[i + 1];
      }
    }
    throw new IllegalArgumentException(line + " is in no range");
  }

  /** Whether no line is in the set. */
  public boolean isEmpty() {
    return bounds.length == 0;
  }

  /** Whether the line is in the set. */
  public boolean contains(long line) {
    int at = Arrays.binarySearch(bounds, line);
    // A hit on an even index is a first line; a miss that would be inserted at an odd index lies
    // inside a range.
    return at >= 0 ? at % 2 == 0 : -(at + 1) % 2 == 1;
  }
}
