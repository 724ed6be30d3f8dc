package io.github.camelingest.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The first process of a PostgreSQL server, which has written its number into the data folder. It
 * may have outlived the JVM that started it.
 */
record Postmaster(ProcessHandle process) {

  private static final int PATIENCE_SECONDS = 20;

  /** The server of this data folder, if one is running. */
  static Optional<Postmaster> of(Path data) {
    Path pidFile = data.resolve("postmaster.pid");
    if (Files.notExists(pidFile)) {
      return Optional.empty();
    }
    try {
      long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
      // A number may have gone to another process meanwhile.
      return ProcessHandle.of(pid)
          .filter(process -> process.info().command().orElse("").endsWith("postgres"))
          .map(Postmaster::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the server of this data folder if one is running. */
  static void stop(Path data) {
    of(data)
        .ifPresent(
            server -> {
              server.process.destroy();
              server.awaitEnd();
            });
  }

  /** Waits until the server is gone; kills it if that takes too long. */
  void awaitEnd() {
    if (!ends(process)) {
      // It waits for its clients; killed, it recovers at the next start.
      kill();
    }
  }

  /** SIGKILL for the server and all its processes. */
  void kill() {
    // A stopped process forks no more, so none escapes.
    signal("STOP");
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process);
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(
        killed -> {
          if (!ends(killed)) {
            throw new IllegalStateException("PostgreSQL survives SIGKILL: " + killed.pid());
          }
        });
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

  private static boolean ends(ProcessHandle process) {
    try {
      process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
