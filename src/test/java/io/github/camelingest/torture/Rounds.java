package io.github.camelingest.torture;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What happens in a round: files are uploaded, something goes wrong, and at least one instance is
 * killed. Not thread-safe.
 */
final class Rounds implements AutoCloseable {

  private static final Duration READY_PATIENCE = Duration.ofSeconds(6);
  private static final int LONGEST_QUIET_MILLIS = 600;
  private static final int SHORTEST_HARM_MILLIS = 200;
  private static final int LONGEST_HARM_MILLIS = 4_000;
  private static final int MOST_INSTANCES = 3;

  private final Corpus corpus;
  private final Harms harms;
  private final Instances instances;
  private final Random random;
  private final PrintWriter out;
  private final ExecutorService uploader =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread daemon = new Thread(task, "uploader");
            daemon.setDaemon(true);
            return daemon;
          });

  Rounds(Corpus corpus, Harms harms, Instances instances, Random random, PrintWriter out) {
    this.corpus = corpus;
    this.harms = harms;
    this.instances = instances;
    this.random = random;
    this.out = out;
  }

  void run(int round) throws InterruptedException, ExecutionException {
    long start = System.nanoTime();
    instances.ensure(1 + random.nextInt(MOST_INSTANCES));
    Future<?> upload = uploader.submit(() -> corpus.round(round));
    // Else the kill falls into the start.
    if (random.nextInt(4) > 0) {
      instances.awaitReady(READY_PATIENCE);
    }
    pause(random.nextInt(LONGEST_QUIET_MILLIS));
    Harm harm = harms.begin();
    pause(howLong());
    int killed = instances.kill(random);
    if (killed == 0) {
      // All have given up at their start, without a server that they need.
      instances.ensure(1);
      pause(random.nextInt(LONGEST_QUIET_MILLIS));
      killed = instances.kill(random);
    }
    harms.end();
    upload.get();
    out.printf(
        "round %d: %s, killed %d (%.1f s)%n",
        round, harm, killed, (System.nanoTime() - start) / 1e9);
    out.flush();
  }

  /** Short more often than long. */
  private int howLong() {
    double part = random.nextDouble();
    return SHORTEST_HARM_MILLIS
        + (int) (part * part * (LONGEST_HARM_MILLIS - SHORTEST_HARM_MILLIS));
  }

  private static void pause(int millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis);
  }

  @Override
  public void close() {
    uploader.shutdownNow();
  }
}
