package io.github.camelingest.doctor;

import java.util.function.Consumer;

/** Looks at one thing that the application needs, and changes nothing. */
interface Probe {

  /**
   * @param out takes each finding as it is made
   * @throws RuntimeException with a message for people, if it cannot look any further
   */
  void look(Consumer<Finding> out);
}
