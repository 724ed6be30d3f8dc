package io.github.camelingest.compression;

import java.io.IOException;

/**
 * The bytes of an object are such that nobody can read on: however often it is fetched, it ends
 * here.
 */
public final class ContentException extends IOException {

  private static final long serialVersionUID = 1L;

  private final boolean damaged;

  private ContentException(boolean damaged, String reason, Exception cause) {
    super(reason, cause);
    this.damaged = damaged;
  }

  static ContentException damaged(String reason, Exception cause) {
    return new ContentException(true, reason, cause);
  }

  /** The content may be whole, but is not read. */
  static ContentException refused(String reason, Exception cause) {
    return new ContentException(false, reason, cause);
  }

  /**
   * What became of the object, for a person.
   *
   * @param lines how many were read before
   */
  public String messageBehind(long lines) {
    String what = damaged ? "damaged" : "not read on";
    return lines == 0
        ? damaged ? "damaged in line 1: " + getMessage() : getMessage()
        : "%s behind line %d: %s; the lines before are loaded".formatted(what, lines, getMessage());
  }
}
