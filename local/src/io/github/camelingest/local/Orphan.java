package io.github.camelingest.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A PostgreSQL server that outlived its stack, because the JVM was killed. */
final class Orphan {

  private static final int PATIENCE_SECONDS = 20;

  private Orphan() {}

  /** Ends the server of this data folder if one is running. */
  static void stop(Path data) {
    Path pidFile = data.resolve("postmaster.pid");
    if (Files.exists(pidFile)) {
      stop(pid(pidFile));
    }
  }

  private static long pid(Path pidFile) {
    try {
      return Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void stop(long pid) {
    ProcessHandle.of(pid)
        .filter(process -> process.info().command().orElse("").endsWith("postgres"))
        .ifPresent(Orphan::end);
  }

  private static void end(ProcessHandle server) {
    server.destroy();
    try {
      server.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      // It waits for its clients; killed, it recovers at the next start.
      server.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
