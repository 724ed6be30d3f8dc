package io.github.camelingest.load;

/** Which characters PostgreSQL can hold: all but U+0000 and halves of a surrogate pair. */
public final class Characters {

  private Characters() {}

  /** The first character of a text that PostgreSQL cannot hold, for a message, or null. */
  public static String unstorable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\0') {
        return "the character U+0000";
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
          return "half a character (\\u%04x alone)".formatted((int) c);
        }
        i++;
      }
    }
    return null;
  }
}
