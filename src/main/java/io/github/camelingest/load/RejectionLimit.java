package io.github.camelingest.load;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of an object may be rejected: a number of lines, a share of those that are not blank or
 * left out, or both. Immutable and thread-safe.
 */
final class RejectionLimit {

  private static final String NAME = "maxRejected";
  private static final String ALL = "100 %";
  private static final Pattern PART = Pattern.compile("(\\d{1,18})|(\\d{1,3}(?:\\.\\d{1,6})?) ?%");

  private final String text;
  private long lines = Long.MAX_VALUE;
  private double percent = 100;

  private RejectionLimit(String text) {
    this.text = text;
  }

  /**
   * @param text such as {@code 100}, {@code 2.5 %} or {@code 100, 2.5 %}; null: everything may be
   *     rejected
   * @throws IllegalArgumentException if it is nothing of the kind
   */
  static RejectionLimit of(String text) {
    RejectionLimit limit = new RejectionLimit(text == null ? ALL : text);
    for (String part : limit.text.split(",", -1)) {
      Matcher matcher = PART.matcher(part.strip());
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "%s '%s' is no limit; write a number of lines, a share such as 2.5 %%, or both with a comma"
                .formatted(NAME, text));
      }
      if (matcher.group(1) != null) {
        limit.lines = Long.parseLong(matcher.group(1));
      } else {
        limit.percent = Double.parseDouble(matcher.group(2));
      }
    }
    return limit;
  }

  /** Whether so many rejected lines are too many, however many good ones may follow. */
  boolean isPassedBy(long rejected) {
    return rejected > lines;
  }

  /** Whether that is too much for a whole object. */
  boolean isPassedBy(long rejected, long rows) {
    return isPassedBy(rejected) || 100.0 * rejected > percent * (rejected + rows);
  }

  /** What to tell of an object that is past it. */
  String passedMessage(long rejected, long rows) {
    return String.format(
        Locale.ROOT,
        "%,d of the %,d lines read are rejected, which is more than the route allows (%s: %s); none of its rows are loaded",
        rejected,
        rejected + rows,
        NAME,
        text);
  }
}
