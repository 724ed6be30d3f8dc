package io.github.camelingest.compression;

import java.io.IOException;

/** The bytes stopped coming before their end, which says nothing about the object itself. */
public final class CutOffException extends IOException {

  private static final long serialVersionUID = 1L;

  CutOffException(String message, Exception cause) {
    super(message, cause);
  }
}
