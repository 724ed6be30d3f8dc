package io.github.camelingest.compression;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Around a decompressor that fails in the middle of a read, without saying how much it has written
 * by then: gives the whole lines among that first. What it has written is told from what it has not
 * by a byte that ends no line.
 */
final class SalvagingInput extends FilterInputStream {

  /** Never part of UTF-8, and no line ending. */
  private static final byte UNWRITTEN = (byte) 0xff;

  /** So little that a damage costs not even xz, which decodes before it writes, more than this. */
  private static final int MOST_BYTES = 8 * 1024;

  private IOException failure;

  SalvagingInput(InputStream decompressor) {
    super(decompressor);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int size) throws IOException {
    if (failure != null) {
      throw failure;
    }
    int most = Math.min(size, MOST_BYTES);
    Arrays.fill(buffer, offset, offset + most, UNWRITTEN);
    try {
      return in.read(buffer, offset, most);
    } catch (IOException e) {
      failure = e;
    } catch (RuntimeException e) {
      failure = new IOException("they cannot be decoded", e);
    }
    int whole = most;
    while (whole > 0 && buffer[offset + whole - 1] != '\n') {
      whole--;
    }
    if (whole == 0) {
      throw failure;
    }
    return whole;
  }
}
