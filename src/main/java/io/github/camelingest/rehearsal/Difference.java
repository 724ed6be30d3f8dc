package io.github.camelingest.rehearsal;

/**
 * Something that came out otherwise than a case says.
 *
 * @param place where the case says it; its name, where it says nothing
 * @param line of the case's lines, from 1; 0 where it is about none
 * @param column of the row, or null
 * @param expected what the case says; a column's value as JSON
 * @param actual what came out, likewise
 */
public record Difference(Place place, long line, String column, String expected, String actual) {

  /** For a person, without the place. */
  @Override
  public String toString() {
    return "%s%sexpected %s, got %s"
        .formatted(
            line == 0 ? "" : "line %d: ".formatted(line),
            column == null ? "" : column + ": ",
            expected,
            actual);
  }
}
