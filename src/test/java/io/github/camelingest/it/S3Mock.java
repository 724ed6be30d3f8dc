package io.github.camelingest.it;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.springframework.util.FileSystemUtils;

/**
 * Adobe's S3Mock, an S3 server that knows versions and tags, and tells no queue of anything. It is
 * a process of its own on loopback, which all tests of the JVM share: started before the first test
 * that needs it, stopped at the end of the JVM. Thread-safe.
 */
final class S3Mock {

  /** Put there by the build. */
  private static final Path JAR = Path.of("target", "s3mock.jar").toAbsolutePath();

  private static final Path BEANS = Path.of("target", "test-classes", "s3mock.xml");

  private static final Path FOLDER = Path.of("target", "s3mock");
  private static final Path DATA = FOLDER.resolve("data").toAbsolutePath();
  private static final Path LOG = FOLDER.resolve("log");
  private static final Path PID = FOLDER.resolve("pid");

  private static final Pattern PORT = Pattern.compile("Tomcat started on ports (\\d+) ");
  private static final Duration START_PATIENCE = Duration.ofSeconds(60);
  private static final int STOP_PATIENCE_SECONDS = 10;

  private S3Mock() {}

  /**
   * Where it answers.
   *
   * @throws ExceptionInInitializerError if it does not start; the cause has its log
   */
  static URI endpoint() {
    return Running.ENDPOINT;
  }

  private static final class Running {
    private static final URI ENDPOINT = start();
  }

  private static URI start() {
    try {
      endOrphan();
      Files.createDirectories(FOLDER);
      Process process = process().start();
      Files.writeString(PID, Long.toString(process.pid()));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process)));
      Awaitility.await("S3Mock, whose log is " + LOG)
          .atMost(START_PATIENCE)
          .until(() -> port().isPresent() || !process.isAlive());
      return URI.create("http://127.0.0.1:" + port().orElseThrow(S3Mock::doesNotStart));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ProcessBuilder process() {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-jar",
            JAR.toString(),
            "--com.adobe.testing.s3mock.store.root=" + DATA,
            // This port is for https otherwise.
            "--server.ssl.enabled=false",
            "--server.address=127.0.0.1",
            "--server.port=0",
            "--spring.main.sources=" + BEANS.toUri(),
            "--spring.main.allow-bean-definition-overriding=true",
            "--spring.main.banner-mode=off");
    return builder.redirectErrorStream(true).redirectOutput(LOG.toFile());
  }

  /** The first of its ports, once it answers. */
  private static Optional<String> port() {
    return PORT.matcher(log()).results().findFirst().map(started -> started.group(1));
  }

  private static String log() {
    try {
      return Files.readString(LOG);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static IllegalStateException doesNotStart() {
    return new IllegalStateException("S3Mock does not start:%n%s".formatted(log()));
  }

  /**
   * Ends a server that outlived its JVM, because that was killed, and removes the last one's data.
   */
  private static void endOrphan() throws IOException {
    if (Files.exists(PID)) {
      ProcessHandle.of(Long.parseLong(Files.readString(PID)))
          // A number may have gone to another process meanwhile.
          .filter(orphan -> orphan.info().commandLine().orElse("").contains(JAR.toString()))
          .ifPresent(
              orphan -> {
                orphan.destroyForcibly();
                orphan.onExit().join();
              });
    }
    FileSystemUtils.deleteRecursively(DATA);
  }

  private static void stop(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(STOP_PATIENCE_SECONDS, SECONDS)) {
        process.destroyForcibly();
      }
      Files.deleteIfExists(PID);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
