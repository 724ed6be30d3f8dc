package io.github.camelingest.load;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The bytes of an object stopped coming, or cannot be decompressed. */
public final class ReadException extends UncheckedIOException {

  private static final long serialVersionUID = 1L;

  ReadException(String message, IOException cause) {
    super(message, cause);
  }
}
