package io.github.camelingest.batch;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
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
  private static final short END = -1;
  private static final int OID_OF_INTEGER = 23;
  private static final byte JSONB_VERSION = 1;
  private static final LocalDateTime EPOCH = LocalDateTime.of(2000, 1, 1, 0, 0);

  private ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);

  /** Where each row ends in the buffer. */
  private int[] ends = new int[1024];

  private int rows;

  /** Ends the row that was written last. */
  void endRow() {
    if (rows == ends.length) {
      ends = Arrays.copyOf(ends, 2 * rows);
    }
    ends[rows++] = buffer.position();
  }

  /**
   * Forgets what was written behind some rows.
   *
   * @param size how many rows stay
   */
  void cut(int size) {
    rows = size;
    buffer.position(start(size));
  }

  private int start(int row) {
    return row == 0 ? 0 : ends[row - 1];
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
      room(Integer.BYTES + Long.BYTES)
          .putInt(Long.BYTES)
          .putLong(EPOCH.until(time, ChronoUnit.MICROS));
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
    int start = start(from);
    copy.writeToCopy(SIGNATURE, 0, SIGNATURE.length);
    copy.writeToCopy(buffer.array(), start, ends[to - 1] - start);
    byte[] end = ByteBuffer.allocate(Short.BYTES).putShort(END).array();
    copy.writeToCopy(end, 0, end.length);
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
