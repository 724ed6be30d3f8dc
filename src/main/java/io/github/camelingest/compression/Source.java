package io.github.camelingest.compression;

import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of an object as they come over the network. Counts them, and remembers if they broke
 * off, so that a decompressor that stumbles over that cannot make it look like damage. Of one
 * thread.
 */
public final class Source extends InputStream {

  private final InputStream in;
  private final long length;
  private final Runnable abort;

  /** Others may watch how far it is. */
  private volatile long count;

  private boolean atEnd;
  private CutOffException cutOff;

  /**
   * @param length bytes that must come
   * @param abort gives up the rest; closing does this
   */
  public Source(InputStream in, long length, Runnable abort) {
    this.in = in;
    this.length = length;
    this.abort = abort;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * @throws CutOffException if the bytes stop coming
   */
  @Override
  public int read(byte[] buffer, int offset, int size) throws IOException {
    check();
    int read;
    try {
      read = in.read(buffer, offset, size);
    } catch (IOException | RuntimeException e) {
      cutOff = new CutOffException(e.getMessage(), e);
      throw cutOff;
    }
    count += Math.max(read, 0);
    if (read < 0 && count < length) {
      cutOff = new CutOffException("%d of %d bytes came".formatted(count, length), null);
      throw cutOff;
    }
    atEnd = read < 0;
    return read;
  }

  /**
   * All bytes, which must not be many.
   *
   * @throws CutOffException if the bytes stop coming
   */
  public byte[] whole() throws IOException {
    byte[] bytes = readNBytes((int) length);
    // Only at its end a connection is free for others.
    if (read() >= 0) {
      throw new IOException("more than %d bytes came".formatted(length));
    }
    in.close();
    return bytes;
  }

  /** Bytes that came so far; of any thread. */
  public long count() {
    return count;
  }

  /** Whether somebody asked for more than there is. */
  boolean isAtEnd() {
    return atEnd;
  }

  /** Throws if the bytes broke off. */
  void check() throws CutOffException {
    if (cutOff != null) {
      throw cutOff;
    }
  }

  @Override
  public void close() {
    abort.run();
  }
}
