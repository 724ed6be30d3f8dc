package io.github.camelingest.fieldservice;

/** What a message quotes of the input, which can be as long as a line. */
final class Quotation {

  private static final int LONGEST = 40;

  private Quotation() {}

  static String shortened(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
  }
}
