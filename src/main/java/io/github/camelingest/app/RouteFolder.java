package io.github.camelingest.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A folder with routes and what belongs to them; possibly the one inside the jar. Immutable. */
public final class RouteFolder {

  /** How the names of files with routes end. */
  public static final String ROUTES = ".camel.yaml";

  private static final String NAME = "routes";

  /** Nothing for the one inside the jar. */
  private final Optional<Path> path;

  private RouteFolder(Optional<Path> path) {
    this.path = path;
  }

  /** The one whose routes the application runs. */
  public static RouteFolder ofApplication() {
    return new RouteFolder(Home.find(NAME));
  }

  /** One of the user's. */
  public static RouteFolder at(Path path) {
    return new RouteFolder(Optional.of(path));
  }

  /**
   * Names of its files, in order.
   *
   * @param ending how they end
   */
  public List<String> names(String ending) throws IOException {
    if (path.isEmpty()) {
      return Home.names(NAME).stream().filter(name -> name.endsWith(ending)).sorted().toList();
    }
    try (Stream<Path> files = Files.list(path.get())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ending))
          .sorted()
          .toList();
    }
  }

  /** Opens one of its files, which is UTF-8. */
  public BufferedReader open(String name) throws IOException {
    return path.isEmpty()
        ? Home.open(NAME, name)
        : Files.newBufferedReader(path.get().resolve(name));
  }

  /** One of its files, as Camel names resources. */
  public String resource(String name) {
    return path.map(folder -> "file:" + folder.resolve(name))
        .orElse("classpath:" + NAME + "/" + name);
  }

  /** One of its files, for messages: as a user in the working directory names it. */
  public String shown(String name) {
    return path.map(folder -> shortest(folder.resolve(name)).toString()).orElse(resource(name));
  }

  /** The folder, for messages. */
  @Override
  public String toString() {
    return path.map(folder -> shortest(folder).toString()).orElse("classpath:" + NAME);
  }

  private static Path shortest(Path file) {
    Path here = Path.of("").toAbsolutePath();
    Path absolute = file.toAbsolutePath().normalize();
    return !here.equals(absolute) && absolute.startsWith(here) ? here.relativize(absolute) : file;
  }
}
