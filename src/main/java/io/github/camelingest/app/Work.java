package io.github.camelingest.app;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What an application is started for.
 *
 * @param discover whether to look for new objects: by the queue's messages, or by polling where
 *     there is none
 * @param datasets which ones are loaded
 * @param replay loads only what the command that was given then wants loaded again
 */
public record Work(boolean discover, Predicate<String> datasets, Optional<Instant> replay) {

  /** Everything, as it comes. */
  public static Work everything() {
    return new Work(true, dataset -> true, Optional.empty());
  }

  /** What is there of one dataset. */
  public static Work of(String name) {
    return new Work(false, name::equals, Optional.empty());
  }

  /** What a command wants loaded again. */
  public static Work replaying(Instant command) {
    return new Work(false, dataset -> true, Optional.of(command));
  }

  /** Nothing: the ledger is compared with the bucket, and others load. */
  public static Work nothing() {
    return new Work(false, dataset -> false, Optional.empty());
  }
}
