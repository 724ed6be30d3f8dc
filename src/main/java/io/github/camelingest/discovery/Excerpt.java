package io.github.camelingest.discovery;

import java.util.regex.Pattern;

/**
 * The beginning of a text of others as a log or the ledger may have it: short, in one line, and
 * nothing that controls a terminal, cannot be seen or cannot be stored.
 */
final class Excerpt {

  private static final int LONGEST = 200;

  private static final Pattern SPACE = Pattern.compile("\\s+");

  /** Control characters, marks that turn the direction of writing, halves of characters, … */
  private static final Pattern INVISIBLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

  private Excerpt() {}

  static String of(String text) {
    String beginning = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    return INVISIBLE.matcher(SPACE.matcher(beginning).replaceAll(" ")).replaceAll("\uFFFD");
  }
}
