package io.github.camelingest.torture;

import io.github.camelingest.it.Jar;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * The application's processes. None outlives this. Thread-safe, so that a shutdown hook may close
 * it.
 */
final class Instances implements AutoCloseable {

  private static final long LOOK_AGAIN_MILLIS = 20;

  private final Path folder;
  private final Path logs;
  private final Map<String, String> environment;
  private final Tally tally;
  private final List<Jar> running = new ArrayList<>();
  private Jar frozen;
  private int started;
  private boolean closed;

  Instances(Path folder, Path logs, Map<String, String> environment, Tally tally) {
    this.folder = folder;
    this.logs = logs;
    this.environment = environment;
    this.tally = tally;
  }

  /** Starts as many as are missing, besides the frozen one. */
  synchronized void ensure(int count) {
    forgetEnded();
    while (running.size() - (frozen == null ? 0 : 1) < count) {
      start("run", environment, "run");
    }
  }

  /** One more that keeps ingesting. */
  synchronized Jar startOne() {
    return start("run", environment, "run");
  }

  /** A command that ends by itself. */
  synchronized Jar start(String name, Map<String, String> itsEnvironment, String... arguments) {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    started++;
    tally.count("application started");
    Path log = logs.resolve("%04d-%s.log".formatted(started, name));
    Jar jar = Jar.start(folder, itsEnvironment, log, arguments);
    running.add(jar);
    return jar;
  }

  private void forgetEnded() {
    for (Jar jar : List.copyOf(running)) {
      if (!jar.isRunning()) {
        running.remove(jar);
        tally.count(
            jar.isReady()
                ? "application ended by itself while running"
                : "application ended by itself at its start");
      }
    }
  }

  /** Waits until one of them takes objects; gives up after this time. */
  void awaitReady(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!anyReady() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
    }
  }

  private synchronized boolean anyReady() {
    return running.stream().anyMatch(jar -> jar != frozen && jar.isReady());
  }

  /**
   * SIGKILL for one, sometimes for all; not for a frozen one, which is to come back.
   *
   * @return how many
   */
  synchronized int kill(Random random) {
    forgetEnded();
    List<Jar> victims = new ArrayList<>(running);
    victims.remove(frozen);
    if (victims.isEmpty()) {
      return 0;
    }
    boolean all = victims.size() > 1 && random.nextInt(4) == 0;
    if (!all) {
      // The youngest is the one that may be starting.
      int youngest = victims.size() - 1;
      victims =
          List.of(victims.get(random.nextInt(3) == 0 ? youngest : random.nextInt(victims.size())));
    }
    for (Jar victim : victims) {
      tally.count(
          victim.isReady() ? "kill -9: application running" : "kill -9: application starting");
      victim.kill();
      running.remove(victim);
    }
    if (all) {
      tally.count("kill -9: all of them at once");
    }
    return victims.size();
  }

  /** SIGSTOP for one that runs. */
  synchronized boolean freeze(Random random) {
    List<Jar> ready = running.stream().filter(Jar::isReady).toList();
    if (ready.isEmpty()) {
      return false;
    }
    frozen = ready.get(random.nextInt(ready.size()));
    frozen.freeze();
    return true;
  }

  /** SIGCONT for the frozen one. */
  synchronized void thaw() {
    if (frozen != null) {
      frozen.thaw();
      frozen = null;
    }
  }

  synchronized void killAll() {
    running.forEach(Jar::close);
    running.clear();
  }

  @Override
  public synchronized void close() {
    closed = true;
    killAll();
  }
}
