package io.github.camelingest.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourcesTest {

  @TempDir private Path home;

  @BeforeEach
  void makeFolders() throws IOException {
    Files.createDirectories(home.resolve("routes"));
    Files.createDirectories(home.resolve("sql/load"));
  }

  @Test
  void onlyRoutesAndSqlCountWhateverEditorsLeave() throws IOException {
    // Given
    write("routes/visits.camel.yaml", "- route");
    write("sql/load/visits.sql", "select 1");
    for (String other :
        List.of(
            "routes/.visits.camel.yaml.swp",
            "routes/visits.camel.yaml~",
            "routes/#visits.camel.yaml#",
            "routes/._visits.camel.yaml",
            "routes/visits.test.yaml",
            "sql/load/visits.sql.bak",
            "sql/load/4913")) {
      write(other, "no route");
    }
    Files.createSymbolicLink(home.resolve("routes/.#visits.camel.yaml"), Path.of("nobody@nowhere"));

    // When
    Sources sources = read();

    // Then
    assertThat(sources.names()).containsExactly("routes/visits.camel.yaml", "sql/load/visits.sql");
    assertThat(sources.unreadable()).isEmpty();
  }

  @Test
  void aFolderOfLinksThatAreMovedToOthersIsAChange() throws IOException {
    // Given what Kubernetes makes of a config map
    for (String version : List.of("..1", "..2")) {
      Files.createDirectory(home.resolve("routes/" + version));
      write("routes/%s/visits.camel.yaml".formatted(version), version);
    }
    Path data = Files.createSymbolicLink(home.resolve("routes/..data"), Path.of("..1"));
    Files.createSymbolicLink(
        home.resolve("routes/visits.camel.yaml"), Path.of("..data/visits.camel.yaml"));
    Sources before = read();

    // When
    Path next = Files.createSymbolicLink(home.resolve("routes/..data_tmp"), Path.of("..2"));
    Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);

    // Then
    assertThat(before.text("routes/visits.camel.yaml")).contains("..1");
    assertThat(read().text("routes/visits.camel.yaml")).contains("..2");
    assertThat(before.differences(read())).containsExactly("routes/visits.camel.yaml");
  }

  @Test
  void whatCannotBeReadIsAProblemOfItsOwn() throws IOException {
    // Given
    Files.write(home.resolve("routes/latin.camel.yaml"), new byte[] {(byte) 0xE9});
    Files.write(home.resolve("sql/load/large.sql"), new byte[2_000_000]);
    Files.createDirectory(home.resolve("sql/load/folder.sql"));

    // When
    Sources sources = read();

    // Then
    assertThat(sources.unreadable())
        .extracting(Problem::toString)
        .containsExactly(
            "routes/latin.camel.yaml: it cannot be read: it is not UTF-8",
            "sql/load/folder.sql: it cannot be read: Is a directory",
            "sql/load/large.sql: it cannot be read: it has more than 1048576 bytes");
  }

  @Test
  void aFolderThatIsGoneHasNotLostItsFiles() throws IOException {
    // Given
    Files.delete(home.resolve("routes"));

    // When, Then
    assertThatThrownBy(this::read).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void filesOfAnotherMomentTakeTheirPlaces() throws IOException {
    // Given
    write("routes/a.camel.yaml", "a");
    write("routes/b.camel.yaml", "b");
    Sources before = read();
    write("routes/a.camel.yaml", "another a");
    Files.delete(home.resolve("routes/b.camel.yaml"));
    write("sql/load/c.sql", "c");

    // When
    Sources part = before.with(read(), Set.of("routes/b.camel.yaml", "sql/load/c.sql"));

    // Then
    assertThat(part.names()).containsExactly("routes/a.camel.yaml", "sql/load/c.sql");
    assertThat(part.text("routes/a.camel.yaml")).contains("a");
    assertThat(part.differences(read())).containsExactly("routes/a.camel.yaml");
  }

  @Test
  void aPlaceIsFoundHoweverCamelWritesIt() throws IOException {
    // Given
    write("sql/load/a.sql", "a");

    // When, Then
    assertThat(read().name("file:%s/routes/../sql/load/a.sql".formatted(home)))
        .contains("sql/load/a.sql");
    assertThat(read().name("file:%s/a.sql".formatted(home))).isEmpty();
  }

  private Sources read() throws IOException {
    return Sources.read(folder("routes"), folder("sql/load"));
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(home.resolve(file), text);
  }

  private Folder folder(String name) {
    return new EditableFolder(name, home.resolve(name));
  }
}
