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
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** The built jar as a process, started as a user would. */
public final class Jar implements AutoCloseable {

  static final Path FILE = Path.of("target", "camel-ingest.jar").toAbsolutePath();

  /** Classes as the JVM has them in memory: with it a start takes a third of the work. */
  static final Path CLASSES = FILE.resolveSibling("camel-ingest.jsa");

  private static final String WATCHED = " is watched at ";
  private static final int PATIENCE_SECONDS = 180;

  private final Process process;
  private final Path out;
  private final Path err;
  private final boolean keepLog;

  private Jar(Process process, Path out, Path err, boolean keepLog) {
    this.process = process;
    this.out = out;
    this.err = err;
    this.keepLog = keepLog;
  }

  /** What a finished process left. */
  public record Result(int exitCode, String out, String err) {

    public Result succeeded() {
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
    try {
      return start(
          folder,
          environment,
          Files.createTempFile("camel-ingest", ".out"),
          Files.createTempFile("camel-ingest", ".err"),
          false,
          arguments);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts it with a log that outlives it.
   *
   * @param folder the working directory
   * @param log takes standard error; standard output goes beside it, to the same name with {@code
   *     .out}
   */
  public static Jar start(
      Path folder, Map<String, String> environment, Path log, String... arguments) {
    try {
      return start(folder, environment, Path.of(log + ".out"), log, true, arguments);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Jar start(
      Path folder,
      Map<String, String> environment,
      Path out,
      Path err,
      boolean keepLog,
      String... arguments)
      throws IOException {
    boolean classes =
        Files.exists(CLASSES)
            && Files.getLastModifiedTime(CLASSES).compareTo(Files.getLastModifiedTime(FILE)) > 0;
    ProcessBuilder builder =
        process(
                environment,
                classes ? "-XX:SharedArchiveFile=" + CLASSES : "-Xshare:auto",
                arguments)
            .directory(folder.toAbsolutePath().toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    return new Jar(builder.start(), out, err, keepLog);
  }

  private static ProcessBuilder process(
      Map<String, String> environment, String option, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-Xmn52m",
                "-XX:SurvivorRatio=3",
                // Processes of tests are over before more would pay.
                "-XX:TieredStopAtLevel=1",
                "-Xlog:disable",
                option,
                "-jar",
                FILE.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("INGEST_") || name.startsWith("AWS_"));
    // Few tests look, and JMX takes a start a while.
    builder.environment().put("INGEST_MANAGEMENT_PORT", "");
    builder.environment().putAll(environment);
    return builder;
  }

  /**
   * Writes the archive of classes that later starts use; without it they only take longer.
   *
   * @param environment of a space of which a little is to be loaded
   */
  static void archiveClasses(Map<String, String> environment)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("camel-ingest", ".log");
    Process process =
        process(watched(environment), "-XX:ArchiveClassesAtExit=" + CLASSES, "run")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(log.toFile())
            .start();
    Awaitility.await().until(() -> !process.isAlive() || Files.readString(log).contains(" rows, "));
    process.destroy();
    process.waitFor();
    Files.delete(log);
  }

  /** The environment of one that tells who watches, at any free port. */
  static Map<String, String> watched(Map<String, String> environment) {
    return with(environment, "INGEST_MANAGEMENT_PORT", "0");
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

  /**
   * Runs a script of bash that names the jar {@code $CAMEL_INGEST}.
   *
   * @param environment of the jar
   */
  static Result inShell(Map<String, String> environment, String script) {
    ProcessBuilder jar =
        process(
            environment,
            Files.exists(CLASSES) ? "-XX:SharedArchiveFile=" + CLASSES : "-Xshare:auto");
    try {
      Path out = Files.createTempFile("camel-ingest", ".out");
      Path err = Files.createTempFile("camel-ingest", ".err");
      ProcessBuilder shell =
          new ProcessBuilder("bash", "-c", script)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      shell.environment().clear();
      shell.environment().putAll(jar.environment());
      shell.environment().put("CAMEL_INGEST", String.join(" ", jar.command()));
      try (Jar running = new Jar(shell.start(), out, err, false)) {
        return running.await();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The environment with one variable set otherwise. */
  public static Map<String, String> with(
      Map<String, String> environment, String name, String value) {
    Map<String, String> changed = new HashMap<>(environment);
    changed.put(name, value);
    return changed;
  }

  Result await() {
    return await(Duration.ofSeconds(PATIENCE_SECONDS));
  }

  /**
   * Waits for its end.
   *
   * @throws AssertionError if it runs on for longer than this
   */
  public Result await(Duration patience) {
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(
            "still running after %d s; log:%n%s".formatted(patience.toSeconds(), log()));
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
        .until(() -> isReady() || !isRunning());
    assertThat(isRunning()).as("running; log:%n%s", log()).isTrue();
  }

  /** Waits until something holds; the log says why it does not. */
  void awaitUntil(Callable<Boolean> condition) {
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
          .ignoreExceptions()
          .until(condition);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("log:%n%s".formatted(log()), e);
    }
  }

  /** Whether the routes have been started. */
  public boolean isReady() {
    return log().contains("loads [");
  }

  /**
   * Where it is watched, such as {@code http://127.0.0.1:9876/}.
   *
   * @throws java.util.NoSuchElementException if it does not say so yet
   */
  String watchedAt() {
    return log()
        .lines()
        .filter(line -> line.contains(WATCHED))
        .map(line -> line.substring(line.indexOf(WATCHED) + WATCHED.length()))
        .findFirst()
        .orElseThrow();
  }

  /** SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** SIGKILL; it is gone when this returns. */
  public void kill() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** SIGSTOP: it stands still until {@link #thaw}, without knowing. */
  public void freeze() {
    signal("STOP");
  }

  /** SIGCONT. */
  public void thaw() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public boolean isRunning() {
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
    kill();
    if (keepLog) {
      return;
    }
    try {
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
