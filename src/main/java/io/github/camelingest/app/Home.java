package io.github.camelingest.app;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the files are that users edit: beside the jar, else in the working directory. */
final class Home {

  private Home() {}

  /** The file or folder of that name, or nothing where neither place has it. */
  static Optional<Path> find(String name) {
    return Stream.of(besideJar(), Path.of(""))
        .map(folder -> folder.resolve(name).toAbsolutePath())
        .filter(Files::exists)
        .findFirst();
  }

  /**
   * A folder as a resource location: as a file where users have it, else the copy inside the jar.
   */
  static String location(String folder) {
    return find(folder).map(path -> "file:" + path).orElse("classpath:" + folder);
  }

  private static Path besideJar() {
    try {
      return Path.of(Home.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
