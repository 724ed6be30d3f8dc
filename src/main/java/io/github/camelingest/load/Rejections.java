package io.github.camelingest.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import io.github.camelingest.ledger.RejectedLine;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;

/**
 * Turns a line that a step could not read into a rejected line, with a reason that a person can act
 * on. Thread-safe.
 */
public final class Rejections {

  /** A message quotes what is wrong, which can be as long as a line. */
  private static final int MESSAGE_CHARACTERS = 500;

  private final int maxLineBytes;

  /**
   * @param maxLineBytes the limit that a too long line is over
   */
  public Rejections(int maxLineBytes) {
    this.maxLineBytes = maxLineBytes;
  }

  /**
   * The body becomes the {@link RejectedLine} for the exception that was caught; it travels on to
   * the batch.
   */
  public void reject(Exchange exchange) {
    Line line = exchange.getMessage().getHeader(Lines.HEADER, Line.class);
    Exception cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    // PostgreSQL's text cannot hold U+0000; this is its picture.
    String message = shortened(message(line, cause).replace('\0', '\u2400'));
    exchange
        .getMessage()
        .setBody(new RejectedLine(line.number(), reason(line, cause), message, null, kept(line)));
  }

  /**
   * The rejected line for a row that PostgreSQL refused.
   *
   * @param sqlState the code it gave
   */
  public static RejectedLine refused(Line line, String message, String sqlState) {
    return new RejectedLine(line.number(), "refused", shortened(message), sqlState, kept(line));
  }

  private static String shortened(String message) {
    return message.length() <= MESSAGE_CHARACTERS
        ? message
        : message.substring(0, MESSAGE_CHARACTERS) + "…";
  }

  /** The first bytes of the line. */
  private static byte[] kept(Line line) {
    return Arrays.copyOf(line.bytes(), Math.min(line.bytes().length, LineReader.KEPT_OF_LONG_LINE));
  }

  private static String reason(Line line, Exception cause) {
    if (line.tooLong()) {
      return "too_long";
    }
    if (cause instanceof InvalidFormatException || !(cause instanceof JsonProcessingException)) {
      return "bad_value";
    }
    if (cause instanceof InvalidNullException) {
      return "missing_field";
    }
    return isAboutField(cause) ? "wrong_type" : "not_json";
  }

  private String message(Line line, Exception cause) {
    if (line.tooLong()) {
      return "the line is longer than %d bytes (ingest.max-line-bytes)".formatted(maxLineBytes);
    }
    if (cause instanceof JsonMappingException mapping && isAboutField(cause)) {
      String field =
          mapping.getPath().stream()
              .map(JsonMappingException.Reference::getFieldName)
              .collect(Collectors.joining("."));
      return field
          + ": "
          + (cause instanceof InvalidNullException
              ? "missing or null"
              : mapping.getOriginalMessage());
    }
    if (cause instanceof JsonProcessingException json) {
      String place =
          json.getLocation() == null ? "" : " at column " + json.getLocation().getColumnNr();
      return "not a JSON object%s: %s".formatted(place, json.getOriginalMessage());
    }
    return cause.getMessage();
  }

  private static boolean isAboutField(Exception cause) {
    return cause instanceof JsonMappingException mapping && !mapping.getPath().isEmpty();
  }
}
