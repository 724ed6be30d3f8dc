package io.github.camelingest.app;

import io.github.camelingest.routes.EditableFolder;
import io.github.camelingest.routes.Folder;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Where the files are that users edit: beside the jar, else in the working directory. */
public final class Home {

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
  public static Folder folder(String name) {
    String top = name.split("/", 2)[0];
    return find(top)
        .<Folder>map(path -> new EditableFolder(name, path.resolveSibling(name)))
        .orElseGet(() -> new Copy(name));
  }

  /** A folder inside the jar. */
  private record Copy(String name) implements Folder {

    @Override
    public String location() {
      return "classpath:" + name;
    }

    @Override
    public boolean isEditable() {
      return false;
    }

    @Override
    public List<String> files(String ending) throws IOException {
      Path code = code();
      if (Files.isDirectory(code)) {
        return new EditableFolder(name, code.resolve(name)).files(ending);
      }
      // The table of contents alone: whoever reads the jar from its begin to its end unpacks it
      // all.
      String prefix = name + "/";
      try (JarFile jar = new JarFile(code.toFile())) {
        return jar.stream()
            .map(entry -> entry.getName())
            .filter(entry -> entry.startsWith(prefix) && entry.endsWith(ending))
            .map(entry -> entry.substring(prefix.length()))
            .filter(file -> !file.isEmpty() && file.indexOf('/') < 0)
            .sorted()
            .toList();
      }
    }

    @Override
    public InputStream open(String file) {
      return Home.class.getResourceAsStream("/" + name + "/" + file);
    }
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
