package io.github.camelingest.load;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What an application is started for.
 *
 * @param discover whether to look for new objects: by the queue's messages, or by polling where
 *     there is none
 * @param datasets which ones are loaded
 * @param again whether objects are tried again that have failed
 * @param prefix only objects whose keys begin so
 * @param replay loads only what the command that was given then wants loaded again
 */
public record Work(
    boolean discover,
    Predicate<String> datasets,
    boolean again,
    String prefix,
    Optional<Instant> replay) {

  /** Everything, as it comes. */
  public static Work everything() {
    return new Work(true, dataset -> true, true, "", Optional.empty());
  }

  /**
   * What is there of one dataset.
   *
   * @param again whether objects are tried again that have failed
   * @param prefix only objects whose keys begin so; empty for all
   */
  public static Work of(String name, boolean again, String prefix) {
    return new Work(false, name::equals, again, prefix, Optional.empty());
  }

  /** What a command wants loaded again. */
  public static Work replaying(Instant command) {
    return new Work(false, dataset -> true, true, "", Optional.of(command));
  }

  /** Nothing: the ledger is compared with the bucket, and others load. */
  public static Work nothing() {
    return new Work(false, dataset -> false, false, "", Optional.empty());
  }
}
