package io.github.camelingest.discovery;

/**
 * A message of the queue is nothing that S3 sends. What it says fits into a line of a log, whatever
 * the message has.
 */
final class UnreadableMessageException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  /**
   * @param why what is wrong
   * @param body of the message
   */
  UnreadableMessageException(String why, String body, Throwable cause) {
    super(why + ": " + Excerpt.of(body), cause);
  }

  UnreadableMessageException(String why, String body) {
    this(why, body, null);
  }
}
