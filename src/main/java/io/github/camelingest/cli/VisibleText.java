package io.github.camelingest.cli;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text of others as a terminal may show it: what controls the terminal or cannot be seen becomes an
 * escape, such as a backslash and {@code u001b}.
 */
final class VisibleText {

  private static final Pattern ESCAPE = Pattern.compile("\\\\u(\\p{XDigit}{4})");

  private VisibleText() {}

  static String of(String text) {
    return cut(text, Integer.MAX_VALUE);
  }

  /** The text if it fits into so many characters, else its beginning and an ellipsis. */
  static String cut(String text, int width) {
    StringBuilder visible = new StringBuilder();
    int kept = 0;
    for (int codePoint : text.codePoints().toArray()) {
      visible.append(visible(codePoint));
      if (visible.length() > width) {
        return visible.delete(kept, visible.length()).append('…').toString();
      }
      if (visible.length() < width) {
        kept = visible.length();
      }
    }
    return visible.toString();
  }

  /** What somebody may mean who types what was shown: exactly that, or what it is an escape of. */
  static List<String> meanings(String typed) {
    String unescaped =
        ESCAPE
            .matcher(typed)
            .replaceAll(
                escape ->
                    Matcher.quoteReplacement(
                        String.valueOf((char) Integer.parseInt(escape.group(1), 16))));
    return List.of(typed, unescaped);
  }

  /** False for line breaks, escape, marks that turn the direction of writing, and the like. */
  static boolean isVisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  private static String visible(int codePoint) {
    if (isVisible(codePoint)) {
      return Character.toString(codePoint);
    }
    StringBuilder escapes = new StringBuilder();
    for (char c : Character.toChars(codePoint)) {
      escapes.append(escape(c));
    }
    return escapes.toString();
  }

  static String escape(char c) {
    return "\\u%04x".formatted((int) c);
  }
}
