package io.github.camelingest.cli;

import java.io.Console;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import org.jline.terminal.TerminalBuilder;

/** The terminal on which standard output is shown, if it is. */
final class Terminal {

  /** Wide enough for anything. */
  static final int UNLIMITED = 1_000;

  private static final int USUAL_WIDTH = 80;
  private static final int NARROWEST = 20;

  private Terminal() {}

  /** Whether a person sees standard output as it comes, and not a file or another program. */
  static boolean isThere() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      // Since JDK 22 there may be a console without a terminal.
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (IllegalAccessException | InvocationTargetException e) {
      return false;
    }
  }

  /** Its columns; without a terminal there is no limit. */
  static int width() {
    if (!isThere()) {
      return UNLIMITED;
    }
    // Asks stty: what the JVM itself may not do, JLine would do by native code.
    try (org.jline.terminal.Terminal terminal =
        TerminalBuilder.builder().provider("exec").dumb(true).build()) {
      int width = terminal.getWidth();
      return width == 0 ? USUAL_WIDTH : Math.max(width, NARROWEST);
    } catch (IOException | RuntimeException e) {
      return USUAL_WIDTH;
    }
  }
}
