package io.github.camelingest.ledger;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What happens to an object in S3 once it is loaded.
 *
 * @param moveTo comes before the object's key where it is moved; else of no meaning
 */
public record AfterLoad(Action action, String moveTo) {

  /** Nothing happens. */
  public static final AfterLoad KEEP = new AfterLoad(Action.KEEP, null);

  /** The kinds of it. */
  public enum Action {
    KEEP("kept"),
    /** It gets a tag, besides those it has. */
    TAG("tagged"),
    /** It is copied to another key of its bucket, then deleted. */
    MOVE("moved"),
    DELETE("deleted");

    private final String done;

    Action(String done) {
      this.done = done;
    }

    /**
     * @throws IllegalArgumentException if it is none of these, in lower case
     */
    public static Action of(String name) {
      for (Action value : values()) {
        if (value.word().equals(name)) {
          return value;
        }
      }
      throw new IllegalArgumentException(
          "'%s' is nothing that can happen to an object after its load; there are %s"
              .formatted(
                  name,
                  Arrays.stream(values()).map(Action::word).collect(Collectors.joining(", "))));
    }

    /** What an object is then, for messages. */
    public String done() {
      return done;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The key to which an object with this one is moved. */
  public String destination(String key) {
    return moveTo + key;
  }
}
