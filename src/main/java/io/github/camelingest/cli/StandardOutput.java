package io.github.camelingest.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;

/**
 * Standard output that fails nobody who writes to it: the work of a command goes on when the reader
 * of its output has left, such as {@code head}. What went wrong is remembered. Thread-safe.
 */
final class StandardOutput extends OutputStream {

  private final OutputStream out;
  private IOException failure;

  StandardOutput() {
    this(new FileOutputStream(FileDescriptor.out));
  }

  StandardOutput(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    if (failure != null) {
      return;
    }
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      failure = e;
    }
  }

  /** Why something could not be written, if that is so and not for a reader who has left. */
  synchronized Optional<IOException> failure() {
    return Optional.ofNullable(failure).filter(e -> !isReaderGone(e));
  }

  /** EPIPE, as the operating system words it. */
  static boolean isReaderGone(IOException e) {
    return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("broken pipe");
  }
}
