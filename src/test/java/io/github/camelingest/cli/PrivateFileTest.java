package io.github.camelingest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFileTest {

  @TempDir private Path folder;

  @Test
  void onlyItsOwnerMayReadItEvenWhereEverybodyCouldReadTheEarlierOne() throws IOException {
    Path path = Files.writeString(folder.resolve("a"), "old");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));

    write(path, "new");

    assertThat(path).hasContent("new");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    assertThat(names()).containsExactly("a");
  }

  @Test
  void theEarlierOneStaysUntilItIsComplete() throws IOException {
    Path path = Files.writeString(folder.resolve("a"), "old");

    try (PrivateFile file = new PrivateFile(path)) {
      file.out().write('n');
      file.out().flush();
      assertThat(path).hasContent("old");
    }

    assertThat(path).hasContent("old");
    assertThat(names()).containsExactly("a");
  }

  @Test
  void aLinkStaysALink() throws IOException {
    Path path = Files.writeString(folder.resolve("a"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), path);

    write(link, "new");

    assertThat(link).isSymbolicLink();
    assertThat(path).hasContent("new");
  }

  @Test
  void aFolderIsNotReplaced() {
    assertThatThrownBy(() -> new PrivateFile(folder))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("it is not a file");
  }

  @Test
  void aFolderThatIsNotThereIsNotMade() {
    assertThatThrownBy(() -> new PrivateFile(folder.resolve("none/a")))
        .isInstanceOf(NoSuchFileException.class);
  }

  private static void write(Path path, String content) throws IOException {
    try (PrivateFile file = new PrivateFile(path)) {
      file.out().write(content.getBytes());
      file.complete();
    }
  }

  private Stream<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList().stream();
    }
  }
}
