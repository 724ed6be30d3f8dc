package io.github.camelingest.app;

/**
 * The application cannot start as it is set up. The message says what is wrong, which setting it is
 * and what to do.
 */
public final class SetupException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public SetupException(String message) {
    super(message);
  }

  public SetupException(String message, Throwable cause) {
    super(message, cause);
  }
}
