package io.github.camelingest.fieldservice;

/** Numbers that the input writes behind a word, such as {@code NODE94}. */
final class PrefixedNumber {

  private PrefixedNumber() {}

  /**
   * The number behind the prefix, at most {@link Integer#MAX_VALUE}.
   *
   * @throws IllegalArgumentException if the text is anything else; the message quotes it
   */
  static int parse(String prefix, String text) {
    int digits = text.length() - prefix.length();
    if (digits < 1 || !text.startsWith(prefix)) {
      throw wrong(prefix, text);
    }
    long number = 0;
    for (int i = prefix.length(); i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw wrong(prefix, text);
      }
      number = 10 * number + digit;
      if (number > Integer.MAX_VALUE) {
        throw wrong(prefix, text);
      }
    }
    return (int) number;
  }

  private static IllegalArgumentException wrong(String prefix, String text) {
    String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
    String expected = prefix.isEmpty() ? "a number" : prefix + " and a number";
    return new IllegalArgumentException("expected %s, got '%s'".formatted(expected, shown));
  }
}
