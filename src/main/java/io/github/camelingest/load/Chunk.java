package io.github.camelingest.load;

import com.fasterxml.jackson.core.JacksonException;
import io.github.camelingest.ledger.RejectedLine;
import java.io.IOException;
import java.util.Arrays;

/**
 * Lines of one object that follow each other, and what becomes of each: the body of the messages
 * that a route splits an object into. A message for each line would take longer than the lines.
 *
 * <p>At first the row of a line is its bytes. Steps of the route put others in their place. All
 * bytes are in one array, since a batch keeps them until it is committed, and so many objects would
 * keep the garbage collector busy. Not thread-safe.
 */
public final class Chunk {

  /** The row of a line that no step has read. */
  private static final Object UNREAD = new Object();

  private final Load load;
  private byte[] bytes;
  private int size;

  /** Of each line: where it ends in the bytes, its number, and what it has become. */
  private final int[] ends;

  private final long[] numbers;
  private Object[] rows;

  private Line last;

  /**
   * @param lines how many there will be, or more
   * @param bytes about how many they will have
   */
  Chunk(Load load, int lines, int bytes) {
    this.load = load;
    this.bytes = new byte[bytes];
    this.ends = new int[lines];
    this.numbers = new long[lines];
    this.rows = new Object[lines];
  }

  /** Adds the next line; a flawed one is a rejected line from the start. */
  void add(Line line) {
    int start = bytes();
    int end = start + line.bytes().length;
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
    }
    System.arraycopy(line.bytes(), 0, bytes, start, line.bytes().length);
    ends[size] = end;
    numbers[size] = line.number();
    rows[size] = line.flaw() == null ? UNREAD : Rejections.flawed(line);
    size++;
    last = line;
  }

  public Load load() {
    return load;
  }

  /** How many lines there are. */
  public int size() {
    return size;
  }

  /** Bytes of all lines. */
  public int bytes() {
    return size == 0 ? 0 : ends[size - 1];
  }

  /**
   * The number of a line in its object.
   *
   * @param index of the line in the chunk, from 0
   */
  public long number(int index) {
    return numbers[index];
  }

  /**
   * The bytes of a line; of a rejected one, possibly only the first.
   *
   * @param index of the line, from 0
   */
  public byte[] bytes(int index) {
    return Arrays.copyOfRange(bytes, start(index), ends[index]);
  }

  private int start(int index) {
    return index == 0 ? 0 : ends[index - 1];
  }

  /** The last of its lines. */
  Line last() {
    return last;
  }

  /**
   * What a line has become: a {@link RejectedLine}; null, where a step has left it out; else a row.
   *
   * @param index of the line, from 0
   */
  public Object row(int index) {
    return rows[index] == UNREAD ? bytes(index) : rows[index];
  }

  /** Replaces what a line has become. */
  void row(int index, Object row) {
    rows[index] = row;
  }

  /** How bytes become a row. */
  interface Reading {

    /**
     * @param bytes of which some are the line
     * @param start where it starts
     * @param end behind it
     */
    Object row(byte[] bytes, int start, int end) throws IOException;
  }

  /**
   * Reads a line that no step has read; one that Jackson complains about becomes a rejected line.
   *
   * @throws IOException if reading fails otherwise, which is no fault of the line
   */
  void read(int index, Reading reading) throws IOException {
    if (rows[index] != UNREAD) {
      return;
    }
    try {
      rows[index] = reading.row(bytes, start(index), ends[index]);
    } catch (JacksonException e) {
      rows[index] = Rejections.rejected(numbers[index], bytes(index), e);
    }
  }

  /** Whether steps have left out all its lines. */
  public boolean isLeftOut() {
    return Arrays.stream(rows, 0, size).allMatch(row -> row == null);
  }

  /** Forgets what the lines have become, and keeps their bytes. */
  public void forgetRows() {
    rows = null;
  }
}
