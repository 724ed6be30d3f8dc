package io.github.camelingest.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.camelingest.ledger.RejectedLine;
import java.util.Arrays;
import java.util.Objects;
import org.apache.camel.Exchange;

/**
 * Turns a line that a step could not read into a rejected line, with a reason that a person can act
 * on. Thread-safe.
 */
public final class Rejections {

  /** A message quotes what is wrong, which can be as long as a line. */
  private static final int MESSAGE_CHARACTERS = 500;

  /** Unicode's pictures of the characters from U+0000 to U+001F begin here. */
  private static final int PICTURES = 0x2400;

  private static final int REPLACEMENT = 0xFFFD;

  /**
   * The body becomes the {@link RejectedLine} for the exception that was caught; it travels on to
   * the batch.
   */
  public void reject(Exchange exchange) {
    Line line = exchange.getMessage().getHeader(Rows.LINE, Line.class);
    Exception cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    exchange.getMessage().setBody(rejected(line, cause));
  }

  /** The rejected line for one that cannot be read. */
  static RejectedLine rejected(Line line, Exception cause) {
    return rejected(line, flaw(cause));
  }

  /** The rejected line for one with a flaw. */
  static RejectedLine flawed(Line line) {
    return rejected(line, line.flaw());
  }

  private static RejectedLine rejected(Line line, Flaw flaw) {
    return rejected(line, flaw.reason(), printable(flaw.message()), null);
  }

  /**
   * The rejected line for a row that PostgreSQL refused.
   *
   * @param sqlState the code it gave
   */
  public static RejectedLine refused(Line line, String message, String sqlState) {
    return rejected(line, Reason.REFUSED, message, sqlState);
  }

  /**
   * The same for a row that was held back until the bytes of its line were gone.
   *
   * @param number of the line
   */
  public static RejectedLine refused(long number, String message, String sqlState) {
    return new RejectedLine(
        number, Reason.REFUSED.code(), shortened(message), sqlState, new byte[0]);
  }

  private static RejectedLine rejected(Line line, Reason reason, String message, String sqlState) {
    return new RejectedLine(line.number(), reason.code(), shortened(message), sqlState, kept(line));
  }

  private static String shortened(String message) {
    return message.length() <= MESSAGE_CHARACTERS
        ? message
        : message.substring(0, MESSAGE_CHARACTERS) + "…";
  }

  /**
   * What a line quotes may be what PostgreSQL's text cannot hold, or a terminal obeys: its picture.
   */
  private static String printable(String message) {
    StringBuilder printable = new StringBuilder(message.length());
    message
        .codePoints()
        .map(c -> c < ' ' ? PICTURES + c : c)
        .map(
            c ->
                Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE
                    ? REPLACEMENT
                    : c)
        .forEach(printable::appendCodePoint);
    return printable.toString();
  }

  /** The first bytes of the line. */
  private static byte[] kept(Line line) {
    return Arrays.copyOf(line.bytes(), Math.min(line.bytes().length, LineReader.KEPT_OF_LONG_LINE));
  }

  private static Flaw flaw(Exception cause) {
    if (cause instanceof JsonProcessingException complaint) {
      return JsonFlaws.of(complaint);
    }
    return new Flaw(
        Reason.BAD_VALUE, Objects.requireNonNullElse(cause.getMessage(), "cannot be read"));
  }
}
