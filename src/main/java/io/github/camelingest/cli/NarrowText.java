package io.github.camelingest.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text for terminals narrower than picocli's help knows: what stands in a second column goes below
 * the first one, and lines are broken between words.
 */
final class NarrowText {

  private static final String BELOW = "      ";

  /** A name, and what it means. */
  private static final Pattern COLUMNS = Pattern.compile("( *\\S(?:.*?\\S)?) {2,}(\\S.*)");

  /** The meaning goes on. */
  private static final Pattern SECOND_COLUMN = Pattern.compile(" {16,}\\S.*");

  private final int width;
  private final List<String> lines = new ArrayList<>();

  /** A paragraph that may go on with the next line. */
  private String paragraph = "";

  private String indent = "";

  private NarrowText(int width) {
    this.width = width;
  }

  /**
   * @param width columns; a word that is longer stays whole
   */
  static String of(String text, int width) {
    NarrowText narrow = new NarrowText(width);
    text.lines().forEach(narrow::add);
    narrow.end();
    String end = System.lineSeparator();
    return narrow.lines.isEmpty() ? "" : String.join(end, narrow.lines) + end;
  }

  private void add(String line) {
    if (goesOn(line)) {
      paragraph += " " + line.strip();
      return;
    }
    end();
    Matcher columns = COLUMNS.matcher(line);
    if (columns.matches()) {
      lines.add("  " + columns.group(1).strip());
      indent = BELOW;
      paragraph = columns.group(2);
    } else if (line.isBlank()) {
      lines.add("");
    } else {
      paragraph = line.strip();
      indent = " ".repeat(Math.min(line.length() - line.stripLeading().length(), BELOW.length()));
    }
  }

  private boolean goesOn(String line) {
    if (indent.equals(BELOW)) {
      return !paragraph.isEmpty() && SECOND_COLUMN.matcher(line).matches();
    }
    return paragraph.length() > width && indent.isEmpty() && line.matches("\\S.*");
  }

  private void end() {
    if (!paragraph.isEmpty()) {
      lines.addAll(broken(indent, paragraph, width));
      paragraph = "";
    }
  }

  /**
   * A text in lines that fit.
   *
   * @param indent before each
   */
  static List<String> broken(String indent, String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(indent);
    for (String word : text.split(" +")) {
      boolean first = line.length() == indent.length();
      if (!first && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line = new StringBuilder(indent);
        first = true;
      }
      line.append(first ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
