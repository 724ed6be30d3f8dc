package io.github.camelingest.fieldservice;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.LocalDateTime;
import java.time.YearMonth;
import java.util.Arrays;

/**
 * Reads a visit from a line as nearly all are: every field once, none that is unknown, numbers of
 * up to nine digits, no escapes. That takes less than half of the time that {@link
 * VisitDeserializer} takes (bench/micro has both). Any other line, good or bad, is left to that
 * one; of what is read here, both make the same.
 */
final class VisitScanner {

  /** The fields, in the order in which they usually come. */
  private enum Field {
    TASK_ID("task_id", "TASK"),
    NODE_ID("node_id", "NODE"),
    VISIT_NO("visit_id", ""),
    VISIT_DATE("visit_date:", ""),
    REPORTED_DATE("original_reported_date", ""),
    NODE_AGE("node_age", ""),
    NODE_TYPE("node_type", "TYPE"),
    TASK_TYPE("task_type", "TASK"),
    SKILL_LEVEL("engineer_skill_level", "LEVEL"),
    NOTE("engineer_note", ""),
    OUTCOME("outcome", ""),
    CLEAN_VISIT_DATE("visit_date", "");

    private final byte[] start;
    private final byte[] prefix;

    Field(String name, String prefix) {
      this.start = ("\"" + name + "\"").getBytes(US_ASCII);
      this.prefix = ("\"" + prefix).getBytes(US_ASCII);
    }
  }

  private static final Field[] FIELDS = Field.values();

  /** All but the other way to write the date. */
  private static final int COMPLETE = (1 << Field.CLEAN_VISIT_DATE.ordinal()) - 1;

  private static final byte[] SUCCESS = "\"SUCCESS\"".getBytes(US_ASCII);
  private static final byte[] FAIL = "\"FAIL\"".getBytes(US_ASCII);
  private static final int[] NO_WORDS = {};
  private static final int MOST_DIGITS = 9;

  /** In every month. */
  private static final int SURE_DAYS = 28;

  private final byte[] line;
  private final int end;
  private int at;

  /** A bit for each field that was read. */
  private int seen;

  private int taskId;
  private int visitNo;
  private int nodeId;
  private LocalDateTime visitDate;
  private LocalDateTime reportedDate;
  private int nodeAge;
  private int nodeType;
  private int taskType;
  private int skillLevel;
  private String outcome;
  private int[] noteTokens;

  private VisitScanner(byte[] line, int start, int end) {
    this.line = line;
    this.at = start;
    this.end = end;
  }

  /**
   * The visit, or null if the line is not of the usual form.
   *
   * @param bytes of which some are the line
   * @param start where it starts
   * @param end behind it
   */
  static Visit scan(byte[] bytes, int start, int end) {
    VisitScanner scanner = new VisitScanner(bytes, start, end);
    return scanner.read() ? scanner.visit() : null;
  }

  private boolean read() {
    if (!skip('{')) {
      return false;
    }
    int expected = 0;
    do {
      int field = field(expected);
      if (field < 0 || !skip(':') || !value(FIELDS[field])) {
        return false;
      }
      int bit = 1 << field;
      if ((seen & bit) != 0) {
        return false;
      }
      seen |= bit;
      expected = field + 1;
    } while (skip(','));
    if ((seen & 1 << Field.CLEAN_VISIT_DATE.ordinal()) != 0) {
      seen ^= 1 << Field.CLEAN_VISIT_DATE.ordinal() | 1 << Field.VISIT_DATE.ordinal();
    }
    return seen == COMPLETE && skip('}') && at == end;
  }

  private Visit visit() {
    return new Visit(
        taskId,
        visitNo,
        nodeId,
        visitDate,
        reportedDate,
        nodeAge,
        nodeType,
        taskType,
        skillLevel,
        outcome,
        noteTokens,
        null);
  }

  /** The number of the field whose name comes next, or -1. */
  private int field(int expected) {
    blanks();
    if (expected < FIELDS.length && comes(FIELDS[expected].start)) {
      return expected;
    }
    for (int i = 0; i < FIELDS.length; i++) {
      if (comes(FIELDS[i].start)) {
        return i;
      }
    }
    return -1;
  }

  private boolean value(Field field) {
    blanks();
    switch (field) {
      case TASK_ID:
        return (taskId = prefixed(field.prefix)) >= 0;
      case NODE_ID:
        return (nodeId = prefixed(field.prefix)) >= 0;
      case NODE_TYPE:
        return (nodeType = prefixed(field.prefix)) >= 0;
      case TASK_TYPE:
        return (taskType = prefixed(field.prefix)) >= 0;
      case SKILL_LEVEL:
        return (skillLevel = prefixed(field.prefix)) >= 0;
      case VISIT_NO:
        return (visitNo = number()) >= 1;
      case NODE_AGE:
        return (nodeAge = number()) >= 0;
      case VISIT_DATE, CLEAN_VISIT_DATE:
        return (visitDate = time()) != null;
      case REPORTED_DATE:
        return (reportedDate = time()) != null;
      case OUTCOME:
        outcome = comes(SUCCESS) ? "SUCCESS" : comes(FAIL) ? "FAIL" : null;
        return outcome != null;
      default:
        return (noteTokens = words()) != null;
    }
  }

  /** The number behind a quote and a word, in front of another quote; -1 if there is none. */
  private int prefixed(byte[] prefix) {
    if (!comes(prefix)) {
      return -1;
    }
    int number = digits(MOST_DIGITS);
    return isNext('"') ? number : -1;
  }

  /** The number that JSON has here; -1 if it has none. */
  private int number() {
    boolean zero = at < end && line[at] == '0';
    int start = at;
    int number = digits(MOST_DIGITS);
    return zero && at > start + 1 ? -1 : number;
  }

  /** The next digits, as a number; -1 if there are none or too many. */
  private int digits(int most) {
    int start = at;
    int number = 0;
    while (at < end && line[at] >= '0' && line[at] <= '9') {
      number = 10 * number + line[at++] - '0';
      if (at - start > most) {
        return -1;
      }
    }
    return at > start ? number : -1;
  }

  private LocalDateTime time() {
    if (!isNext('"')) {
      return null;
    }
    int year = parts(4);
    int month = isNext('-') ? parts(2) : -1;
    int day = isNext('-') ? parts(2) : -1;
    if (year < 1 || month < 1 || month > 12 || day < 1 || !isDay(year, month, day)) {
      return null;
    }
    if (isNext('"')) {
      return LocalDateTime.of(year, month, day, 0, 0);
    }
    int hour = isNext(' ') || isNext('T') ? parts(2) : -1;
    int minute = isNext(':') ? parts(2) : -1;
    int second = isNext(':') ? parts(2) : -1;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
      return null;
    }
    return isNext('"') ? LocalDateTime.of(year, month, day, hour, minute, second) : null;
  }

  /** So many digits, as a number; -1 if there are fewer. */
  private int parts(int count) {
    int start = at;
    int number = digits(count);
    return at - start == count ? number : -1;
  }

  private static boolean isDay(int year, int month, int day) {
    return day <= SURE_DAYS || day <= YearMonth.of(year, month).lengthOfMonth();
  }

  private int[] words() {
    if (!isNext('"')) {
      return null;
    }
    int[] words = new int[16];
    int count = 0;
    blanks();
    while (!isNext('"')) {
      if (count == words.length) {
        words = Arrays.copyOf(words, 2 * count);
      }
      int word = digits(MOST_DIGITS);
      if (word < 0 || at == end || line[at] != ' ' && line[at] != '"') {
        return null;
      }
      words[count++] = word;
      blanks();
    }
    return count == 0 ? NO_WORDS : Arrays.copyOf(words, count);
  }

  /** Skips this character behind blanks, if it comes. */
  private boolean skip(char c) {
    blanks();
    return isNext(c);
  }

  private boolean isNext(char c) {
    if (at < end && line[at] == c) {
      at++;
      return true;
    }
    return false;
  }

  /** Skips these bytes, if they come. */
  private boolean comes(byte[] bytes) {
    int behind = at + bytes.length;
    if (behind > end || !Arrays.equals(line, at, behind, bytes, 0, bytes.length)) {
      return false;
    }
    at = behind;
    return true;
  }

  private void blanks() {
    while (at < end && line[at] == ' ') {
      at++;
    }
  }
}
