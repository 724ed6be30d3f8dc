package io.github.camelingest.compression;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses gzip (RFC 1952), of one member or many. Zero bytes behind a member are padding, as
 * for gzip(1); anything else there is damage.
 *
 * <p>The JDK's own stream asks {@code available()} whether another member follows, so that on a
 * network it can end too early; and it loses what it had decompressed when it fails.
 */
final class GzipInput extends InputStream {

  private static final int BUFFER_BYTES = 16 * 1024;
  private static final int DEFLATE = 8;
  private static final int FLAG_HEADER_CRC = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;
  private static final int FLAGS_RESERVED = 0xe0;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int limit;
  private boolean started;
  private boolean ended;
  private IOException failure;

  GzipInput(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int size) throws IOException {
    if (size == 0) {
      return 0;
    }
    if (failure != null) {
      throw failure;
    }
    int written = 0;
    while (written == 0 && !ended) {
      if (!started || inflater.finished()) {
        nextMember();
      } else {
        written = inflate(target, offset, size);
      }
    }
    return written == 0 ? -1 : written;
  }

  private int inflate(byte[] target, int offset, int size) throws IOException {
    if (inflater.needsInput()) {
      fill();
      inflater.setInput(buffer, 0, limit);
    }
    long before = inflater.getBytesWritten();
    try {
      inflater.inflate(target, offset, size);
      if (inflater.needsDictionary()) {
        throw new IOException("it needs a dictionary");
      }
    } catch (DataFormatException e) {
      failure = new IOException(e.getMessage(), e);
    }
    int written = (int) (inflater.getBytesWritten() - before);
    if (written == 0 && failure != null) {
      throw failure;
    }
    crc.update(target, offset, written);
    return written;
  }

  private void nextMember() throws IOException {
    if (started) {
      position = limit - inflater.getRemaining();
      checkTrailer();
    }
    int first = started ? firstBehindPadding() : next();
    if (first < 0) {
      ended = true;
      return;
    }
    if (first != 0x1f || next() != 0x8b) {
      throw new IOException("something else follows behind its end");
    }
    readHeader();
    inflater.reset();
    inflater.setInput(buffer, position, limit - position);
    crc.reset();
    started = true;
  }

  private void checkTrailer() throws IOException {
    long expectedCrc = nextInt();
    long expectedSize = nextInt();
    if (expectedCrc != crc.getValue()
        || expectedSize != (inflater.getBytesWritten() & 0xffff_ffffL)) {
      throw new IOException("the checksum is another one");
    }
  }

  /** -1 at the end. */
  private int firstBehindPadding() throws IOException {
    int first = 0;
    while (first == 0) {
      if (position == limit) {
        limit = in.read(buffer);
        position = 0;
        if (limit < 0) {
          limit = 0;
          return -1;
        }
      }
      first = buffer[position++] & 0xff;
    }
    return first;
  }

  /** What follows the first two bytes. */
  private void readHeader() throws IOException {
    int method = next();
    int flags = next();
    if (method != DEFLATE || (flags & FLAGS_RESERVED) != 0) {
      throw new IOException("unknown method or flags");
    }
    // time, extra flags, operating system
    skip(6);
    if ((flags & FLAG_EXTRA) != 0) {
      skip(next() | next() << 8);
    }
    if ((flags & FLAG_NAME) != 0) {
      skipText();
    }
    if ((flags & FLAG_COMMENT) != 0) {
      skipText();
    }
    if ((flags & FLAG_HEADER_CRC) != 0) {
      skip(2);
    }
  }

  private void skip(int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      next();
    }
  }

  private void skipText() throws IOException {
    int character = next();
    while (character != 0) {
      character = next();
    }
  }

  private long nextInt() throws IOException {
    return next() | next() << 8 | next() << 16 | (long) next() << 24;
  }

  private int next() throws IOException {
    if (position == limit) {
      fill();
    }
    return buffer[position++] & 0xff;
  }

  private void fill() throws IOException {
    position = 0;
    limit = Math.max(in.read(buffer), 0);
    if (limit == 0) {
      throw new EOFException();
    }
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
