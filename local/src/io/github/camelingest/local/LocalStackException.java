package io.github.camelingest.local;

/** The local stack cannot do what it was asked; the message says why. */
public final class LocalStackException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  LocalStackException(String message, Throwable cause) {
    super(message, cause);
  }
}
