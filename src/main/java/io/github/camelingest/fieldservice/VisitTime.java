package io.github.camelingest.fieldservice;

import io.github.camelingest.load.Quotation;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Reads a date, with or without a time, and that with or without a zone; the database keeps UTC.
 * Every date is read, so this is no {@link java.time.format.DateTimeFormatter}, which takes ten
 * times as long.
 */
final class VisitTime {

  private static final int LONGEST_FRACTION = 9;
  private static final int NANOS_IN_MICROSECOND = 1_000;
  private static final int LAST_YEAR = 9999;

  private final String text;
  private int position;

  private VisitTime(String text) {
    this.text = text;
  }

  /**
   * The time in UTC; where the text has no zone, it is taken for UTC.
   *
   * @throws IllegalArgumentException if the text is anything else; the message quotes it
   */
  static LocalDateTime parse(String text) {
    try {
      LocalDateTime time = new VisitTime(text).read();
      if (time.getYear() < 1 || time.getYear() > LAST_YEAR) {
        throw new IllegalArgumentException(
            "expected a year from 1 to %d in UTC, got '%s'".formatted(LAST_YEAR, text));
      }
      return time;
    } catch (DateTimeException e) {
      throw wrong(text);
    }
  }

  private LocalDateTime read() {
    int year = digits(4);
    expect('-');
    int month = digits(2);
    expect('-');
    int day = digits(2);
    if (isAtEnd()) {
      return LocalDateTime.of(year, month, day, 0, 0);
    }
    if (!skip('T')) {
      expect(' ');
    }
    int hour = digits(2);
    expect(':');
    int minute = digits(2);
    expect(':');
    int second = digits(2);
    int nanos = skip('.') ? fraction() : 0;
    LocalDateTime time = LocalDateTime.of(year, month, day, hour, minute, second, nanos);
    return isAtEnd() ? time : time.minusSeconds(offset());
  }

  /** Nanoseconds. */
  private int fraction() {
    int start = position;
    int nanos = 0;
    while (isAtDigit()) {
      nanos = 10 * nanos + digits(1);
      if (position - start > LONGEST_FRACTION) {
        throw wrong(text);
      }
    }
    if (position == start) {
      throw wrong(text);
    }
    for (int digits = position - start; digits < LONGEST_FRACTION; digits++) {
      nanos *= 10;
    }
    if (nanos % NANOS_IN_MICROSECOND != 0) {
      throw new IllegalArgumentException(
          "expected a time no finer than a microsecond, got '%s'"
              .formatted(Quotation.shortened(text)));
    }
    return nanos;
  }

  /** Seconds that the zone is ahead of UTC. */
  private int offset() {
    int seconds = 0;
    if (!skip('Z')) {
      boolean behind = skip('-');
      if (!behind) {
        expect('+');
      }
      int hours = digits(2);
      boolean colon = skip(':');
      int minutes = colon || !isAtEnd() ? digits(2) : 0;
      seconds = ZoneOffset.ofHoursMinutes(hours, minutes).getTotalSeconds() * (behind ? -1 : 1);
    }
    if (!isAtEnd()) {
      throw wrong(text);
    }
    return seconds;
  }

  private int digits(int count) {
    int number = 0;
    for (int i = 0; i < count; i++) {
      if (!isAtDigit()) {
        throw wrong(text);
      }
      number = 10 * number + text.charAt(position++) - '0';
    }
    return number;
  }

  private boolean isAtDigit() {
    return !isAtEnd() && text.charAt(position) >= '0' && text.charAt(position) <= '9';
  }

  private boolean isAtEnd() {
    return position == text.length();
  }

  private boolean skip(char c) {
    if (isAtEnd() || text.charAt(position) != c) {
      return false;
    }
    position++;
    return true;
  }

  private void expect(char c) {
    if (!skip(c)) {
      throw wrong(text);
    }
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "expected a date like 2020-02-26 or 2020-02-26 13:30:00, got '%s'"
            .formatted(Quotation.shortened(text)));
  }
}
