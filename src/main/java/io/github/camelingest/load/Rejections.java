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
    Rows.Place line = exchange.getMessage().getHeader(Rows.LINE, Rows.Place.class);
    Exception cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    exchange.getMessage().setBody(rejected(line.number(), line.bytes(), cause));
  }

  /**
   * The rejected line for one that cannot be read.
   *
   * @param number of the line
   * @param bytes of the line
   */
  public static RejectedLine rejected(long number, byte[] bytes, Exception cause) {
    return rejected(number, bytes, flaw(cause));
  }

  /** The rejected line for one with a flaw. */
  static RejectedLine flawed(Line line) {
    return rejected(line.number(), line.bytes(), line.flaw());
  }

  private static RejectedLine rejected(long number, byte[] bytes, Flaw flaw) {
    return new RejectedLine(
        number, flaw.reason().code(), shortened(printable(flaw.message())), null, kept(bytes));
  }

  /**
   * The rejected line for a row that PostgreSQL refused.
   *
   * @param number of the line
   * @param bytes of the line; none, where they are gone
   * @param sqlState the code it gave
   */
  public static RejectedLine refused(long number, byte[] bytes, String message, String sqlState) {
    return new RejectedLine(
        number, Reason.REFUSED.code(), shortened(message), sqlState, kept(bytes));
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
  private static byte[] kept(byte[] bytes) {
    return Arrays.copyOf(bytes, Math.min(bytes.length, LineReader.KEPT_OF_LONG_LINE));
  }

  private static Flaw flaw(Exception cause) {
    if (cause instanceof JsonProcessingException complaint) {
      return JsonFlaws.of(complaint);
    }
    return new Flaw(
        Reason.BAD_VALUE, Objects.requireNonNullElse(cause.getMessage(), "cannot be read"));
  }
}
