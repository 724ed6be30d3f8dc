package io.github.camelingest.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;

/**
 * The terminal, with lines that change in place: what is shown takes the place of what was. Not
 * thread-safe.
 */
final class Screen implements AutoCloseable {

  private final Terminal terminal;
  private final Display display;

  private Screen(Terminal terminal) {
    this.terminal = terminal;
    this.display = new Display(terminal, false);
  }

  /** Nothing where a person does not look on, or at a terminal that can only write on. */
  static Optional<Screen> open() {
    if (System.console() == null) {
      return Optional.empty();
    }
    try {
      // Signals stay the JVM's.
      Terminal terminal = TerminalBuilder.builder().system(true).nativeSignals(false).build();
      if (terminal.getType().startsWith(Terminal.TYPE_DUMB) || terminal.getWidth() == 0) {
        terminal.close();
        return Optional.empty();
      }
      return Optional.of(new Screen(terminal));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Columns. */
  int width() {
    return terminal.getWidth();
  }

  /** Shows these; long ones go on below, and what does not fit is left out at the end. */
  void show(List<String> lines) {
    List<AttributedString> shown =
        lines.stream()
            .map(AttributedString::new)
            .flatMap(line -> wrapped(line).stream())
            .limit(Math.max(1, terminal.getHeight() - 1))
            .toList();
    display.resize(terminal.getHeight(), width());
    display.update(shown, -1);
  }

  private List<AttributedString> wrapped(AttributedString line) {
    return line.length() == 0 ? List.of(line) : line.columnSplitLength(width());
  }

  @Override
  public void close() {
    try {
      terminal.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
