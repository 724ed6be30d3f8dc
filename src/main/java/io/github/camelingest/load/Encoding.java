package io.github.camelingest.load;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Finds bytes that are no text which PostgreSQL can hold: anything but UTF-8, and U+0000. Not
 * thread-safe.
 */
final class Encoding {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHEST_BITS = 0x8080808080808080L;

  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);

  /** Takes what nobody reads. */
  private final CharBuffer decoded = CharBuffer.allocate(1024);

  /** The first flaw of these bytes, or null. */
  Flaw flawIn(byte[] bytes) {
    return isAsciiWithoutNul(bytes) ? null : strictFlawIn(bytes);
  }

  /** Looks at eight bytes at a time: every byte of every object passes here. */
  private static boolean isAsciiWithoutNul(byte[] bytes) {
    int i = 0;
    for (int last = bytes.length - Long.BYTES; i <= last; i += Long.BYTES) {
      long eight = (long) LONG.get(bytes, i);
      // The subtraction sets the highest bit of a byte that is 0, and of none from 1 to 127.
      if (((eight - ONES | eight) & HIGHEST_BITS) != 0) {
        return false;
      }
    }
    for (; i < bytes.length; i++) {
      if (bytes[i] <= 0) {
        return false;
      }
    }
    return true;
  }

  private Flaw strictFlawIn(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    decoder.reset();
    CoderResult result;
    do {
      decoded.clear();
      result = decoder.decode(in, decoded, true);
    } while (result.isOverflow());
    if (result.isError()) {
      return new Flaw(
          Reason.NOT_UTF8,
          "byte %d (%02X) is not UTF-8: write the file as UTF-8"
              .formatted(in.position() + 1, bytes[in.position()]));
    }
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        return new Flaw(
            Reason.BAD_CHARACTER,
            "byte %d is U+0000, which PostgreSQL cannot hold: leave it out, and write the file as UTF-8"
                .formatted(i + 1));
      }
    }
    return null;
  }
}
