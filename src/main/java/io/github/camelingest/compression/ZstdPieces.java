package io.github.camelingest.compression;

import java.io.IOException;
import java.io.InputStream;

/**
 * Hands zstd data (RFC 8878) out in pieces that never reach from one block into the next. A decoder
 * that is given two blocks at once, of which the second is damaged, loses the first.
 */
final class ZstdPieces extends InputStream {

  private static final long MAGIC = 0xfd2fb528L;
  private static final long SKIPPABLE = 0x184d2a50L;
  private static final int RUN = 1;
  private static final int LONGEST_HEADER = 18;

  private enum Next {
    FRAME,
    BLOCK,
    CHECKSUM,
    /** What is no zstd, for the decoder to complain of. */
    UNKNOWN
  }

  private final InputStream in;
  private final byte[] head = new byte[LONGEST_HEADER];
  private int headPosition;
  private int headLimit;

  /** Bytes of the piece behind the head. */
  private long left;

  private Next next = Next.FRAME;
  private boolean checksum;

  ZstdPieces(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int size) throws IOException {
    if (headPosition == headLimit && left == 0 && next != Next.UNKNOWN) {
      nextPiece();
    }
    if (headPosition < headLimit) {
      int bytes = Math.min(size, headLimit - headPosition);
      System.arraycopy(head, headPosition, buffer, offset, bytes);
      headPosition += bytes;
      return bytes;
    }
    if (next == Next.UNKNOWN) {
      return in.read(buffer, offset, size);
    }
    if (left == 0) {
      return -1;
    }
    int read = in.read(buffer, offset, (int) Math.min(size, left));
    left -= Math.max(read, 0);
    return read;
  }

  private void nextPiece() throws IOException {
    headPosition = 0;
    headLimit = 0;
    switch (next) {
      case FRAME -> frame();
      case BLOCK -> block();
      default -> {
        take(4);
        next = Next.FRAME;
      }
    }
  }

  private void frame() throws IOException {
    if (!take(4)) {
      return;
    }
    long magic = LittleEndian.unsignedInt(head, 0);
    if ((magic & ~0xfL) == SKIPPABLE) {
      if (take(4)) {
        left = LittleEndian.unsignedInt(head, 4);
      }
      return;
    }
    if (magic != MAGIC) {
      next = Next.UNKNOWN;
      return;
    }
    if (take(1)) {
      int descriptor = head[4] & 0xff;
      boolean singleSegment = (descriptor & 0x20) != 0;
      int dictionary = (1 << (descriptor & 3)) >> 1;
      int contentSize = descriptor >> 6 == 0 ? singleSegment ? 1 : 0 : 1 << (descriptor >> 6);
      checksum = (descriptor & 4) != 0;
      take((singleSegment ? 0 : 1) + dictionary + contentSize);
      next = Next.BLOCK;
    }
  }

  private void block() throws IOException {
    if (!take(3)) {
      return;
    }
    int header = head[0] & 0xff | (head[1] & 0xff) << 8 | (head[2] & 0xff) << 16;
    left = (header >> 1 & 3) == RUN ? 1 : header >> 3;
    if ((header & 1) != 0) {
      next = checksum ? Next.CHECKSUM : Next.FRAME;
    }
  }

  /** Reads so many bytes into the head; less where the end comes first. */
  private boolean take(int bytes) throws IOException {
    int read = in.readNBytes(head, headLimit, bytes);
    headLimit += read;
    return read == bytes;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
