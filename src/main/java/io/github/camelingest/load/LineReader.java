package io.github.camelingest.load;

import io.github.camelingest.ledger.LineRanges;
import io.github.camelingest.ledger.Position;
import io.github.camelingest.ledger.RejectedLine;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts a stream of bytes into lines and hands out those that have content and are not committed
 * yet.
 *
 * <p>A line ends with LF or CRLF; a lone CR is data; the last line needs no ending; a UTF-8 byte
 * order mark at its start is skipped, wherever files with one were put together. Lines of spaces
 * and tabs are blank. Holds at most one line of the longest length allowed. Not thread-safe.
 */
final class LineReader {

  /** Bytes kept of a line that is longer than the limit: enough to recognise it by. */
  static final int KEPT_OF_LONG_LINE = RejectedLine.MOST_RAW_BYTES;

  private static final int BUFFER_BYTES = 64 * 1024;
  private static final byte[] NOTHING = new byte[0];

  private final InputStream in;
  private final int maxLineBytes;
  private final boolean comments;
  private final LineRanges committed;
  private final Encoding encoding = new Encoding();

  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int limit;

  /**
   * The part of the current line that lay before the buffer; the bytes after {@code headLength} are
   * waste.
   */
  private byte[] head = NOTHING;

  private int headLength;

  private long number;
  private long endByte;
  private long ordinal;
  private long blanks;

  /**
   * @param in the content from {@code start} on
   * @param start where in the object the content begins
   * @param maxLineBytes longest line that is handed out whole, without its ending
   * @param comments whether a line counts as blank whose first character, behind blanks, is {@code
   *     #}
   * @param committed lines to leave out
   */
  LineReader(
      InputStream in, Position start, int maxLineBytes, boolean comments, LineRanges committed) {
    this.in = in;
    this.number = start.lines();
    this.endByte = start.bytes();
    this.maxLineBytes = maxLineBytes;
    this.comments = comments;
    this.committed = committed;
  }

  /** Behind the last line read, of any kind. */
  Position position() {
    return new Position(number, endByte);
  }

  /** Lines handed out so far. */
  long ordinal() {
    return ordinal;
  }

  /** Blank lines so far, without those that are committed. */
  long blanks() {
    return blanks;
  }

  /** The next line to load, or null at the end. */
  Line next() throws IOException {
    while (true) {
      headLength = 0;
      long length = 0;
      int end = endOfLine();
      while (end == limit && limit > position) {
        length += limit - position;
        keep(limit - position, length);
        position = limit;
        end = endOfLine();
      }
      int tail = end - position;
      length += tail;
      boolean ended = end < limit;
      if (length == 0 && !ended) {
        return null;
      }
      number++;
      endByte += length + (ended ? 1 : 0);
      Line line = committed.contains(number) ? null : line(length, tail);
      position = ended ? end + 1 : end;
      if (line != null) {
        return line;
      }
    }
  }

  /**
   * Where in the buffer the current line ends; the limit where it goes on behind it. Fills an empty
   * buffer.
   */
  private int endOfLine() throws IOException {
    if (position == limit) {
      position = 0;
      limit = Math.max(in.read(buffer), 0);
    }
    int end = position;
    while (end < limit && buffer[end] != '\n') {
      end++;
    }
    return end;
  }

  /** Adds the next bytes of the buffer to the head, as far as they will be wanted. */
  private void keep(int bytes, long length) {
    // One more, which may be the CR of its ending.
    int most =
        length > maxLineBytes + 1L ? Math.max(headLength, KEPT_OF_LONG_LINE) : headLength + bytes;
    int kept = Math.min(bytes, most - headLength);
    if (headLength + kept > head.length) {
      head = Arrays.copyOf(head, Math.max(headLength + kept, 2 * head.length));
    }
    System.arraycopy(buffer, position, head, headLength, kept);
    headLength += kept;
  }

  /** The line that ends with the next {@code tail} bytes of the buffer, or null if it is blank. */
  private Line line(long length, int tail) {
    boolean endsWithCr = tail > 0 ? buffer[position + tail - 1] == '\r' : headEndsWithCr(length);
    long content = length - (endsWithCr ? 1 : 0);
    if (content > maxLineBytes) {
      return tooLong(length, tail);
    }
    int start = position;
    byte[] bytes = buffer;
    if (headLength > 0) {
      keep(tail, length);
      bytes = head;
      start = 0;
    }
    int end = start + (int) content;
    if (startsWithByteOrderMark(bytes, start, end)) {
      start += 3;
    }
    if (isBlank(bytes, start, end)) {
      blanks++;
      return null;
    }
    byte[] whole = Arrays.copyOfRange(bytes, start, end);
    return new Line(number, whole, encoding.flawIn(whole), ++ordinal, blanks, endByte);
  }

  /** Whether the head, if it is all of the line, ends with CR. */
  private boolean headEndsWithCr(long length) {
    return headLength > 0 && headLength == length && head[headLength - 1] == '\r';
  }

  private Line tooLong(long length, int tail) {
    keep(tail, length);
    byte[] first = Arrays.copyOf(head, Math.min(headLength, KEPT_OF_LONG_LINE));
    head = NOTHING;
    Flaw flaw =
        new Flaw(
            Reason.TOO_LONG,
            "the line is longer than %d bytes (ingest.max-line-bytes)".formatted(maxLineBytes));
    return new Line(number, first, flaw, ++ordinal, blanks, endByte);
  }

  private boolean isBlank(byte[] bytes, int start, int end) {
    for (int i = start; i < end; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t') {
        return comments && bytes[i] == '#';
      }
    }
    return true;
  }

  private static boolean startsWithByteOrderMark(byte[] bytes, int start, int end) {
    return end - start >= 3
        && bytes[start] == (byte) 0xEF
        && bytes[start + 1] == (byte) 0xBB
        && bytes[start + 2] == (byte) 0xBF;
  }
}
