package io.github.camelingest.compression;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Hands bytes out in pieces that rarely have more than one compressed block. Of two that it gets at
 * once, of which the second is damaged, zstd's decoder loses the first.
 */
final class SmallPieces extends FilterInputStream {

  private static final int MOST_BYTES = 1024;

  SmallPieces(InputStream in) {
    super(in);
  }

  @Override
  public int read(byte[] buffer, int offset, int size) throws IOException {
    return in.read(buffer, offset, Math.min(size, MOST_BYTES));
  }
}
