package io.github.camelingest.torture;

import io.github.camelingest.it.Space;
import io.github.camelingest.local.S3EventJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is uploaded, and what the queue is told besides. One thread uploads; {@link #current} may be
 * read by any.
 */
final class Corpus {

  private static final int LARGE = 150_000;
  private static final int ROUNDS_PER_LARGE = 12;
  private static final int LONGEST_DELAY_SECONDS = 8;

  private record Version(String key, String etag, long size) {}

  private final Space space;
  private final Tally tally;
  private final Random random;
  private final Content content;
  private final List<Version> versions = new ArrayList<>();
  private final Map<String, String> current = new ConcurrentHashMap<>();

  Corpus(long seed, Space space, Tally tally) {
    this.space = space;
    this.tally = tally;
    random = new Random(seed);
    content = new Content(seed);
  }

  /**
   * Keys and etags of the objects in the bucket. An object that is being written is not there; once
   * one is, its notification is sent.
   */
  Map<String, String> current() {
    return Map.copyOf(current);
  }

  boolean isCurrent(String key, String etag) {
    return etag.equals(current.get(key));
  }

  /** Uploads a round's objects. */
  void round(int round) {
    String prefix = "r%04d".formatted(round);
    if (round == 1) {
      put("journal/%s-large".formatted(prefix), LARGE);
    } else if (random.nextInt(ROUNDS_PER_LARGE) == 0) {
      put("%s/%s-large".formatted(dataset(), prefix), LARGE);
    }
    if (random.nextInt(3) > 0) {
      put("%s/%s-middle".formatted(dataset(), prefix), 1_000 + random.nextInt(5_000));
    }
    int tiny = 3 + random.nextInt(8);
    for (int i = 0; i < tiny; i++) {
      put("%s/%s-%d".formatted(dataset(), prefix, i), 1 + random.nextInt(50));
    }
    if (round == 1 || random.nextInt(5) == 0) {
      write("network/" + prefix, content.network());
    }
    if (random.nextInt(2) == 0) {
      overwrite();
    }
    notifyAgain();
  }

  private String dataset() {
    return random.nextBoolean() ? "visits" : "journal";
  }

  private void put(String key, int lines) {
    tally.add("lines uploaded", lines);
    write(key, content.visits(lines));
  }

  private void write(String key, byte[] bytes) {
    current.remove(key);
    String etag = space.put(key, bytes);
    current.put(key, etag);
    versions.add(new Version(key, etag, bytes.length));
    tally.count("objects uploaded");
  }

  private void overwrite() {
    // One of the last few or any.
    int youngest = random.nextBoolean() ? Math.min(5, versions.size()) : versions.size();
    String key = versions.get(versions.size() - 1 - random.nextInt(youngest)).key();
    tally.count("objects overwritten");
    if (key.startsWith("network/")) {
      write(key, content.network());
    } else {
      put(key, 1 + random.nextInt(200));
    }
  }

  /** Tells the queue again of objects it knows, in any order, and of one that never was. */
  private void notifyAgain() {
    List<Version> again = new ArrayList<>();
    int count = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      again.add(versions.get(random.nextInt(versions.size())));
    }
    // The last ones too, so that two notifications of one object may be on their way.
    again.add(versions.get(versions.size() - 1));
    if (random.nextInt(4) == 0) {
      again.add(
          new Version(
              "visits/never-" + random.nextInt(1_000), "%032x".formatted(random.nextInt()), 1));
    }
    Collections.shuffle(again, random);
    for (Version version : again) {
      tally.count("notifications sent again");
      space.send(
          S3EventJson.created("Put", space.bucket(), version.key(), version.etag(), version.size()),
          Duration.ofSeconds(random.nextInt(LONGEST_DELAY_SECONDS)));
    }
  }
}
