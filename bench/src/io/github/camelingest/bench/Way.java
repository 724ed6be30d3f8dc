package io.github.camelingest.bench;

import java.util.List;

/**
 * A way to load visits, or a case of one.
 *
 * @param name as {@code --only} takes it
 * @param description a line for the report
 * @param run loads once into the empty table, checks what is there, and says what it took
 */
record Way(String name, String description, Run run) {

  /** Loads once. */
  interface Run {
    /**
     * @param round from 1
     * @return one measurement, or several of the same process
     */
    List<Measurement> measure(int round) throws Exception;
  }
}
