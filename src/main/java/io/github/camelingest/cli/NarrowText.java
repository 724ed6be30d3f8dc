package io.github.camelingest.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Help for terminals narrower than picocli knows: what stands in a second column goes below the
 * first one, and lines are broken between words.
 */
final class NarrowText {

  private static final String BELOW = "      ";

  /** A name, and what it means. */
  private static final Pattern COLUMNS = Pattern.compile("( *\\S(?:.*?\\S)?) {2,}(\\S.*)");

  /** The meaning goes on. */
  private static final Pattern SECOND_COLUMN = Pattern.compile(" {16,}(\\S.*)");

  private NarrowText() {}

  /**
   * @param width columns; a word that is longer stays whole
   */
  static String of(String text, int width) {
    List<String> lines = new ArrayList<>();
    String meaning = null;
    for (String line : text.lines().toList()) {
      Matcher more = SECOND_COLUMN.matcher(line);
      if (meaning != null && more.matches()) {
        meaning += " " + more.group(1);
        continue;
      }
      if (meaning != null) {
        breakLine(BELOW, meaning, width, lines);
        meaning = null;
      }
      Matcher columns = COLUMNS.matcher(line);
      if (columns.matches()) {
        breakLine(indent(line), columns.group(1).strip(), width, lines);
        meaning = columns.group(2);
      } else {
        breakLine(indent(line), line.strip(), width, lines);
      }
    }
    if (meaning != null) {
      breakLine(BELOW, meaning, width, lines);
    }
    return lines.isEmpty()
        ? ""
        : String.join(System.lineSeparator(), lines) + System.lineSeparator();
  }

  private static String indent(String line) {
    String spaces = line.substring(0, line.length() - line.stripLeading().length());
    return spaces.length() > BELOW.length() ? BELOW : spaces;
  }

  /** Breaks what comes behind the indent, so that all of it fits. */
  static void breakLine(String indent, String text, int width, List<String> lines) {
    StringBuilder line = new StringBuilder(indent);
    boolean empty = true;
    for (String word : text.split(" +")) {
      if (!empty && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line = new StringBuilder(indent);
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    lines.add(line.toString().stripTrailing());
  }
}
