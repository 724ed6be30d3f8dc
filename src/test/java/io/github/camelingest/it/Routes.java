package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A copy of the shipped routes that a test edits as a user would. */
final class Routes {

  private final Path folder;

  private Routes(Path folder) {
    this.folder = folder;
  }

  /**
   * @param folder the application's working directory; gets a folder {@code routes}
   */
  static Routes copy(Path folder) throws IOException {
    Path from = Path.of("routes");
    Path to = folder.resolve("routes");
    try (Stream<Path> files = Files.walk(from)) {
      files.forEach(
          file -> {
            try {
              Files.copy(file, to.resolve(from.relativize(file)));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
    return new Routes(to);
  }

  /**
   * Writes a route's file, over one that may be there.
   *
   * @param name of the file, without its ending
   */
  Routes add(String name, String yaml) throws IOException {
    Files.writeString(folder.resolve(name + ".camel.yaml"), yaml);
    return this;
  }

  /**
   * Replaces the first place of a text in a route's file.
   *
   * @param name of the file, without its ending
   */
  Routes replace(String name, String text, String by) throws IOException {
    Path file = folder.resolve(name + ".camel.yaml");
    String yaml = Files.readString(file);
    int at = yaml.indexOf(text);
    assertThat(at).as("place of '%s' in %s", text, file).isNotNegative();
    Files.writeString(file, yaml.substring(0, at) + by + yaml.substring(at + text.length()));
    return this;
  }
}
