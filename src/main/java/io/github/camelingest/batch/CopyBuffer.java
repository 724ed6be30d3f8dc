package io.github.camelingest.batch;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.postgresql.copy.CopyIn;

/**
 * Rows in PostgreSQL's binary COPY format (chapter "COPY" of its manual, "Binary Format"). Grows as
 * needed. Not thread-safe.
 */
final class CopyBuffer {

  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };
  private static final int NULL = -1;
  private static final byte[] END = {(byte) 0xFF, (byte) 0xFF};
  private static final int OID_OF_INTEGER = 23;
  private static final byte JSONB_VERSION = 1;
  private static final long EPOCH_SECOND =
      LocalDateTime.of(2000, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC);

  private ByteBuffer buffer;

  /** Where each row ends in the buffer. */
  private int[] ends = new int[512];

  private int rows;

  /**
   * @param bytes about how many the rows will have
   */
  CopyBuffer(int bytes) {
    buffer = ByteBuffer.allocate(bytes);
  }

  /** Ends the row that was written last. */
  void endRow() {
    if (rows == ends.length) {
      ends = Arrays.copyOf(ends, 2 * rows);
    }
    ends[rows++] = buffer.position();
  }

  /** Bytes of all rows. */
  int bytes() {
    return buffer.position();
  }

  /** Starts a row. */
  void columns(int count) {
    room(Short.BYTES).putShort((short) count);
  }

  /** Writes the next column of the row, null included. */
  void value(Object value) {
    if (value == null) {
      room(Integer.BYTES).putInt(NULL);
    } else if (value instanceof Integer number) {
      room(2 * Integer.BYTES).putInt(Integer.BYTES).putInt(number);
    } else if (value instanceof Long number) {
      room(Integer.BYTES + Long.BYTES).putInt(Long.BYTES).putLong(number);
    } else if (value instanceof LocalDateTime time) {
      room(Integer.BYTES + Long.BYTES).putInt(Long.BYTES).putLong(micros(time));
    } else if (value instanceof String text) {
      bytes(text.getBytes(StandardCharsets.UTF_8));
    } else if (value instanceof int[] numbers) {
      array(numbers);
    } else if (value instanceof JsonNode json) {
      byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
      room(Integer.BYTES + 1 + text.length).putInt(1 + text.length).put(JSONB_VERSION).put(text);
    } else {
      throw new IllegalArgumentException("no column type for " + value.getClass().getName());
    }
  }

  private static long micros(LocalDateTime time) {
    return (time.toEpochSecond(ZoneOffset.UTC) - EPOCH_SECOND) * 1_000_000 + time.getNano() / 1_000;
  }

  private void bytes(byte[] bytes) {
    room(Integer.BYTES + bytes.length).putInt(bytes.length).put(bytes);
  }

  private void array(int[] numbers) {
    int dimensions = numbers.length == 0 ? 0 : 1;
    int size = Integer.BYTES * (3 + 2 * dimensions + 2 * numbers.length);
    ByteBuffer out = room(Integer.BYTES + size);
    out.putInt(size).putInt(dimensions).putInt(0).putInt(OID_OF_INTEGER);
    if (dimensions == 1) {
      out.putInt(numbers.length).putInt(1);
      for (int number : numbers) {
        out.putInt(Integer.BYTES).putInt(number);
      }
    }
  }

  /**
   * Sends some of the rows to the server.
   *
   * @param from the first, from 0
   * @param to behind the last
   */
  void send(CopyIn copy, int from, int to) throws SQLException {
    int start = from == 0 ? 0 : ends[from - 1];
    copy.writeToCopy(buffer.array(), start, ends[to - 1] - start);
  }

  /** Sends what comes before all rows. */
  static void sendStart(CopyIn copy) throws SQLException {
    copy.writeToCopy(SIGNATURE, 0, SIGNATURE.length);
  }

  /** Sends what comes behind all rows. */
  static void sendEnd(CopyIn copy) throws SQLException {
    copy.writeToCopy(END, 0, END.length);
  }

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      ByteBuffer larger =
          ByteBuffer.allocate(Math.max(2 * buffer.capacity(), buffer.position() + bytes));
      buffer = larger.put(buffer.flip());
    }
    return buffer;
  }
}
