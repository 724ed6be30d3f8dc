package io.github.camelingest.app;

import io.github.camelingest.routes.Folder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Where the files are that users edit: beside the jar, else in the working directory. */
final class Home {

  private Home() {}

  /** The file or folder of that name, or nothing where neither place has it. */
  static Optional<Path> find(String name) {
    return Stream.of(code().getParent(), Path.of(""))
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

  /**
   * A folder of routes or SQL, where {@link #location} says.
   *
   * @param name of it, or of one in it: {@code sql/load}
   */
  static Folder folder(String name) {
    String top = name.split("/", 2)[0];
    String location = location(top) + name.substring(top.length());
    Optional<Path> path = find(top).map(folder -> folder.resolveSibling(name));
    return new Folder() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public String location() {
        return location;
      }

      @Override
      public boolean isEditable() {
        return path.isPresent();
      }

      @Override
      public List<String> files() throws IOException {
        return path.isPresent() ? names(path.get()) : names(name);
      }

      @Override
      public InputStream open(String file) throws IOException {
        return path.isPresent()
            ? Files.newInputStream(path.get().resolve(file))
            : Home.class.getResourceAsStream("/" + name + "/" + file);
      }
    };
  }

  /** Names of the files directly in a folder, where {@link #location} says. */
  static List<String> names(String folder) throws IOException {
    Path path = find(folder).orElse(code().resolve(folder));
    if (Files.isDirectory(path)) {
      return names(path);
    }
    // The table of contents alone: whoever reads the jar from its begin to its end unpacks it all.
    String prefix = folder + "/";
    try (JarFile jar = new JarFile(code().toFile())) {
      return jar.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.startsWith(prefix) && name.indexOf('/', prefix.length()) < 0)
          .map(name -> name.substring(prefix.length()))
          .filter(name -> !name.isEmpty())
          .toList();
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  /** A file of UTF-8 in a folder, where {@link #location} says. */
  static BufferedReader open(String folder, String name) throws IOException {
    Optional<Path> path = find(folder);
    InputStream content =
        path.isPresent()
            ? Files.newInputStream(path.get().resolve(name))
            : Home.class.getResourceAsStream("/" + folder + "/" + name);
    return new BufferedReader(new InputStreamReader(content, StandardCharsets.UTF_8));
  }

  /** The jar, or the folder of classes where there is none. */
  private static Path code() {
    try {
      return Path.of(Home.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
