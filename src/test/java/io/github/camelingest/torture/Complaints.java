package io.github.camelingest.torture;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Promises that were found broken. Thread-safe. */
final class Complaints {

  private final List<String> all = new CopyOnWriteArrayList<>();

  void add(String complaint) {
    all.add(complaint);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  List<String> all() {
    return List.copyOf(all);
  }
}
