package io.github.camelingest.load;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonMappingException;

/**
 * A line of JSON that cannot become a row; says why in the words of its author. A Jackson
 * exception, so that routes catch it with the others.
 */
public final class BadLineException extends JsonMappingException {

  private static final long serialVersionUID = 1L;

  static final String EXPECTED_OBJECT = "expected an object: {…}";

  private final Reason reason;

  private BadLineException(JsonParser json, Reason reason, String message) {
    super(json, message);
    this.reason = reason;
  }

  /** About one field. */
  public static BadLineException about(
      String field, JsonParser json, Reason reason, String message) {
    return new BadLineException(json, reason, field + ": " + message);
  }

  /** The line is JSON, but no object. */
  public static BadLineException notObject(JsonParser json) {
    return new BadLineException(json, Reason.NOT_OBJECT, EXPECTED_OBJECT);
  }

  Reason reason() {
    return reason;
  }

  /** Many lines may be bad, and nobody looks where it was found. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
