package io.github.camelingest.routes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder that users edit. */
public record EditableFolder(String name, Path path) implements Folder {

  /** One that users call as it is seen from the working directory. */
  public static EditableFolder at(Path path) {
    Path here = Path.of("").toAbsolutePath();
    Path absolute = path.toAbsolutePath().normalize();
    boolean below = !here.equals(absolute) && absolute.startsWith(here);
    return new EditableFolder((below ? here.relativize(absolute) : path).toString(), absolute);
  }

  @Override
  public String location() {
    return "file:" + path;
  }

  @Override
  public boolean isEditable() {
    return true;
  }

  @Override
  public List<String> files(String ending) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(ending) && !file.startsWith("."))
          .sorted()
          .toList();
    }
  }

  @Override
  public InputStream open(String file) throws IOException {
    return Files.newInputStream(path.resolve(file));
  }
}
