package io.github.camelingest.bench;

import io.github.camelingest.it.Space;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An instance of the application, started as a user does. */
final class Application {

  private static final int PATIENCE_SECONDS = 30;

  private final Process process;
  private final Path log;

  private Application(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts one; its routes run when this returns.
   *
   * @param place whose bucket and queue it has
   */
  static Application run(Target target, Space place, String name, Map<String, String> settings)
      throws IOException, InterruptedException {
    Application application = start(target, place, name, settings, "run");
    while (!Files.readString(application.log).contains(" loads [")) {
      if (!application.isRunning()) {
        throw application.failed();
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return application;
  }

  /** Lets it make the tables, by loading nothing. */
  static void makeSchema(Target target) throws IOException, InterruptedException {
    Application application = start(target, target.space(), "schema", Map.of(), "load", "network");
    if (application.process.waitFor() != 0) {
      throw application.failed();
    }
  }

  private static Application start(
      Target target, Space place, String name, Map<String, String> settings, String... arguments)
      throws IOException {
    Path log = target.folder().resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(Java.application(arguments))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(log.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(variable -> variable.startsWith("INGEST_") || variable.startsWith("AWS_"));
    builder.environment().put("INGEST_MANAGEMENT_PORT", "0");
    builder.environment().putAll(place.environment());
    builder.environment().putAll(target.environment());
    builder.environment().putAll(settings);
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    return new Application(process, log);
  }

  private IllegalStateException failed() throws IOException {
    return new IllegalStateException(
        "the application does not run:%n%s".formatted(Files.readString(log)));
  }

  long pid() {
    return process.pid();
  }

  /** Where it says what it does. */
  Path log() {
    return log;
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /** SIGTERM, and SIGKILL if that takes too long. */
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
