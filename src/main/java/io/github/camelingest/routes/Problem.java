package io.github.camelingest.routes;

/**
 * What is wrong with a route's YAML or its SQL, and where.
 *
 * @param file as a user would name it, such as {@code routes/visits.camel.yaml}
 * @param line from 1; 0 where the file as a whole is meant
 * @param column from 1; 0 where the line as a whole is meant
 * @param reason in one line
 */
public record Problem(String file, int line, int column, String reason) {

  /** As compilers say it: {@code file:line:column: reason}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(file);
    if (line > 0) {
      text.append(':').append(line);
      if (column > 0) {
        text.append(':').append(column);
      }
    }
    return text.append(": ").append(reason).toString();
  }
}
