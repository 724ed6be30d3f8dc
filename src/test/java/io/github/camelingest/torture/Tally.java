package io.github.camelingest.torture;

import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;

/** Counts what was done. Thread-safe. */
final class Tally {

  private final Map<String, Long> counts = new TreeMap<>();

  void count(String what) {
    add(what, 1);
  }

  synchronized void add(String what, long howMany) {
    counts.merge(what, howMany, Long::sum);
  }

  /** Keeps the greatest number it was told. */
  synchronized void most(String what, long number) {
    counts.merge(what, number, Long::max);
  }

  synchronized void print(PrintWriter out) {
    counts.forEach((what, number) -> out.printf("  %-60s %,12d%n", what, number));
  }
}
