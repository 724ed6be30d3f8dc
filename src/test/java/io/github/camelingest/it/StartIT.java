package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start does without, and that it starts where that is missing. */
class StartIT {

  private final Space space = Space.withoutSchemas();

  @Test
  void classesComeFromTheArchive() throws Exception {
    assertThat(version(Jar.CLASSES, "-Xlog:class+load"))
        .contains("io.github.camelingest.cli.LoadCommand source: shared objects file (top)");
  }

  @Test
  void anArchiveThatDoesNotFitIsPassedOverInSilence(@TempDir Path folder) throws Exception {
    Path broken = Files.writeString(folder.resolve("broken.jsa"), "no archive");

    assertThat(List.of(version(broken), version(folder.resolve("missing.jsa"))))
        .allSatisfy(said -> assertThat(said).matches("camel-ingest \\S+ \\(.*Camel \\S+\\)\\R"));
  }

  @Test
  void schemasThatAreUpToDateAreLeftAlone(@TempDir Path folder) {
    // Given the migrations in the jar
    Jar.Result first = load(folder);

    // When
    Jar.Result second = load(folder);

    // Then
    assertThat(first.err()).doesNotContain("the schemas are up to date");
    assertThat(second.err()).contains("the schemas are up to date");
  }

  @Test
  void aMigrationThatWasChangedAfterwardsIsSaid(@TempDir Path folder) throws IOException {
    // Given
    load(folder);
    copy(Path.of("sql"), folder.resolve("sql"));
    Path changed = folder.resolve("sql/migrations/V1__ledger.sql");
    Files.writeString(changed, Files.readString(changed) + "-- changed\n");

    // When
    Jar.Result result = Jar.run(folder, space.environment(), "load", "network");

    // Then
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("do not fit the database").contains("checksum mismatch");
  }

  private Jar.Result load(Path folder) {
    return Jar.run(folder, space.environment(), "--verbose", "load", "network").succeeded();
  }

  /** Standard output and standard error of a start that tells its version. */
  private static String version(Path archive, String... options) throws Exception {
    List<String> command =
        Stream.of(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-Xlog:disable",
                    "-XX:SharedArchiveFile=" + archive),
                Stream.of(options),
                Stream.of("-jar", Jar.FILE.toString(), "--version"))
            .flatMap(part -> part)
            .toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}
