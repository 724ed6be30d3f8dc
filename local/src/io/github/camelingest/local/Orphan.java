package io.github.camelingest.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A PostgreSQL server that outlived its stack, because the JVM was killed. */
final class Orphan {

  private static final int PATIENCE_SECONDS = 20;

  private Orphan() {}

  /** Ends the server of this data folder if one is running. */
  static void stop(Path data) throws IOException {
    Path pidFile = data.resolve("postmaster.pid");
    if (Files.notExists(pidFile)) {
      return;
    }
    long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
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
