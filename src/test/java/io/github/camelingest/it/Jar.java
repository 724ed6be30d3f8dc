package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The built jar as a process, started as a user would. */
final class Jar implements AutoCloseable {

  static final Path FILE = Path.of("target", "camel-ingest.jar").toAbsolutePath();

  private static final int PATIENCE_SECONDS = 60;

  private final Process process;
  private final Path out;
  private final Path err;

  private Jar(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** What a finished process left. */
  record Result(int exitCode, String out, String err) {

    Result succeeded() {
      assertThat(exitCode).as("exit code; standard error was:%n%s", err).isZero();
      return this;
    }
  }

  static Jar start(Map<String, String> environment, String... arguments) {
    return start(Path.of(""), environment, arguments);
  }

  /**
   * @param folder the working directory
   */
  static Jar start(Path folder, Map<String, String> environment, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-jar",
                FILE.toString()));
    command.addAll(List.of(arguments));
    try {
      Path out = Files.createTempFile("camel-ingest", ".out");
      Path err = Files.createTempFile("camel-ingest", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toAbsolutePath().toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder
          .environment()
          .keySet()
          .removeIf(name -> name.startsWith("INGEST_") || name.startsWith("AWS_"));
      builder.environment().putAll(environment);
      return new Jar(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Result run(Map<String, String> environment, String... arguments) {
    try (Jar jar = start(environment, arguments)) {
      return jar.await();
    }
  }

  static Result run(Path folder, Map<String, String> environment, String... arguments) {
    try (Jar jar = start(folder, environment, arguments)) {
      return jar.await();
    }
  }

  /** The environment with one variable set otherwise. */
  static Map<String, String> with(Map<String, String> environment, String name, String value) {
    Map<String, String> changed = new HashMap<>(environment);
    changed.put(name, value);
    return changed;
  }

  Result await() {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError(
            "still running after %d s; log:%n%s".formatted(PATIENCE_SECONDS, log()));
      }
      return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Waits until the routes run. */
  void awaitReady() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
        .until(() -> log().contains("loads [") || !isRunning());
    assertThat(isRunning()).as("running; log:%n%s", log()).isTrue();
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  boolean isRunning() {
    return process.isAlive();
  }

  String log() {
    try {
      return Files.readString(err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGKILL, if it is still running. */
  @Override
  public void close() {
    try {
      process.destroyForcibly().waitFor();
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
