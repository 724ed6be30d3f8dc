package io.github.camelingest.rehearsal;

import io.github.camelingest.app.SetupException;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * A place in a file.
 *
 * @param file as the user names it
 * @param line from 1
 * @param column from 1
 */
public record Place(String file, int line, int column) {

  /** The same place as YAML's parser has it. */
  static Place of(Mark mark) {
    return new Place(
        mark.getName().replaceFirst("^file:", ""), mark.getLine() + 1, mark.getColumn() + 1);
  }

  /** What to throw where the file is wrong there. */
  SetupException wrong(String message) {
    return new SetupException(this + ": " + message);
  }

  /** As compilers write it. */
  @Override
  public String toString() {
    return "%s:%d:%d".formatted(file, line, column);
  }
}
