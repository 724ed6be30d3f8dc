package io.github.camelingest.compression;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of a zstd file, which fail where they end within a frame. The decoder itself takes such
 * an end for that of the file if it was given the beginning of the frame together with the end of
 * the one before. Frames are told by their outlines (RFC 8878, 3.1); what has none is left to the
 * decoder.
 */
final class WholeFrames extends FilterInputStream {

  private static final long MAGIC = 0xfd2fb528L;
  private static final long SKIPPABLE_MAGIC = 0x184d2a5L;
  private static final int CHECKSUM_BYTES = 4;

  /** The lengths of a dictionary's id and of the size of the content, by their flags. */
  private static final int[] DICTIONARY_BYTES = {0, 1, 2, 4};

  private static final int[] CONTENT_SIZE_BYTES = {0, 2, 4, 8};

  /** What the next number is, and how many bytes it has. */
  private enum Part {
    MAGIC_NUMBER(4),
    DESCRIPTOR(1),
    BLOCK(3),
    SKIPPABLE_SIZE(4),
    /** Of no frame. */
    NOTHING(Integer.MAX_VALUE);

    private final int bytes;

    Part(int bytes) {
      this.bytes = bytes;
    }
  }

  private Part part = Part.MAGIC_NUMBER;
  private int bytesOfPart;
  private long number;

  /** Bytes before the next number. */
  private long toSkip;

  private boolean checksum;

  WholeFrames(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int size) throws IOException {
    int count = in.read(buffer, offset, size);
    if (count < 0 && isWithinFrame()) {
      throw new EOFException("the last frame is not whole");
    }
    for (int i = 0; i < count && part != Part.NOTHING; ) {
      if (toSkip > 0) {
        long skipped = Math.min(toSkip, count - i);
        toSkip -= skipped;
        i += (int) skipped;
      } else {
        take(buffer[offset + i++] & 0xff);
      }
    }
    return count;
  }

  private boolean isWithinFrame() {
    return toSkip > 0 || bytesOfPart > 0 || part != Part.MAGIC_NUMBER && part != Part.NOTHING;
  }

  private void take(int octet) {
    number |= (long) octet << 8 * bytesOfPart++;
    if (bytesOfPart == part.bytes) {
      part = behind(part, number);
      bytesOfPart = 0;
      number = 0;
    }
  }

  private Part behind(Part read, long value) {
    return switch (read) {
      case MAGIC_NUMBER -> behindMagic(value);
      case DESCRIPTOR -> {
        boolean oneSegment = (value >> 5 & 1) == 1;
        int contentSize = (int) (value >> 6);
        checksum = (value >> 2 & 1) == 1;
        toSkip =
            (oneSegment ? 0 : 1)
                + DICTIONARY_BYTES[(int) (value & 3)]
                + (contentSize == 0 && oneSegment ? 1 : CONTENT_SIZE_BYTES[contentSize]);
        yield Part.BLOCK;
      }
      case BLOCK -> {
        boolean last = (value & 1) == 1;
        boolean repeated = (value >> 1 & 3) == 1;
        toSkip = (repeated ? 1 : value >> 3) + (last && checksum ? CHECKSUM_BYTES : 0);
        yield last ? Part.MAGIC_NUMBER : Part.BLOCK;
      }
      case SKIPPABLE_SIZE -> {
        toSkip = value;
        yield Part.MAGIC_NUMBER;
      }
      case NOTHING -> Part.NOTHING;
    };
  }

  private static Part behindMagic(long value) {
    if (value == MAGIC) {
      return Part.DESCRIPTOR;
    }
    return value >> 4 == SKIPPABLE_MAGIC ? Part.SKIPPABLE_SIZE : Part.NOTHING;
  }
}
