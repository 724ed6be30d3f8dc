package io.github.camelingest.fieldservice;

import io.github.camelingest.load.Quotation;

/** Numbers that the input writes behind a word, such as {@code NODE94}. */
final class PrefixedNumber {

  private PrefixedNumber() {}

  /**
   * The number behind the prefix, at most {@link Integer#MAX_VALUE}.
   *
   * @throws IllegalArgumentException if the text is anything else; the message quotes it
   */
  static int parse(String prefix, String text) {
    if (!text.startsWith(prefix)) {
      throw wrong(prefix, text);
    }
    return parse(prefix, text, prefix.length(), text.length());
  }

  /** The number that is a part of the text, as above. */
  static int parse(String text, int start, int end) {
    return parse("", text, start, end);
  }

  private static int parse(String prefix, String text, int start, int end) {
    long number = 0;
    boolean over = false;
    for (int i = start; i < end; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw wrong(prefix, text.substring(start - prefix.length(), end));
      }
      number = 10 * number + digit;
      over |= number > Integer.MAX_VALUE;
      number = over ? 0 : number;
    }
    if (start == end || over) {
      throw wrong(prefix, text.substring(start - prefix.length(), end));
    }
    return (int) number;
  }

  private static IllegalArgumentException wrong(String prefix, String text) {
    String expected = prefix.isEmpty() ? "a number" : prefix + " and a number";
    return new IllegalArgumentException(
        "expected %s up to %d, got '%s'"
            .formatted(expected, Integer.MAX_VALUE, Quotation.shortened(text)));
  }
}
