package io.github.camelingest.load;

/** What a message quotes of the input, which can be as long as a line. */
public final class Quotation {

  private static final int LONGEST = 40;

  private Quotation() {}

  /** The text, or its beginning. */
  public static String shortened(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
  }
}
