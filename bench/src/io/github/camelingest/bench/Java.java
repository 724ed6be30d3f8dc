package io.github.camelingest.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** JVMs that the benchmark starts. */
final class Java {

  /** What manage.sh starts the application with; one a line there. */
  static final List<String> OPTIONS = System.getProperty("bench.jvm-options", "").lines().toList();

  private static final String PROGRAM =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private Java() {}

  /** The application with these arguments, started as manage.sh does. */
  static List<String> application(String... arguments) {
    List<String> command = started(OPTIONS);
    command.addAll(
        List.of("-jar", Path.of("target", "camel-ingest.jar").toAbsolutePath().toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Any other program, in the application's memory; its class is to follow. */
  static List<String> command(String classPath) {
    return command(classPath, OPTIONS);
  }

  static List<String> command(String classPath, List<String> options) {
    List<String> command = started(options);
    command.addAll(List.of("-cp", classPath));
    return command;
  }

  private static List<String> started(List<String> options) {
    if (OPTIONS.isEmpty()) {
      throw new IllegalStateException("started without -Dbench.jvm-options; use ./manage.sh bench");
    }
    List<String> command = new ArrayList<>(List.of(PROGRAM));
    command.addAll(options);
    return command;
  }
}
