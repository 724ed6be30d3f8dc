package io.github.camelingest.ledger;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What becomes of a key whose content was loaded before, when other content is written to it. */
public enum Overwriting {
  /** The new version's rows take the place of the old one's, in one transaction. */
  REPLACE,
  /** Both versions' rows stay. */
  APPEND,
  /** The first version stays; later ones are not loaded. */
  IGNORE,
  /** The first version stays; later ones fail, for a person to look at. */
  FAIL;

  /**
   * @throws IllegalArgumentException if it is none of these, in lower case
   */
  public static Overwriting of(String name) {
    for (Overwriting value : values()) {
      if (value.word().equals(name)) {
        return value;
      }
    }
    throw new IllegalArgumentException(
        "'%s' is no way to treat overwritten objects; there are %s"
            .formatted(
                name,
                Arrays.stream(values()).map(Overwriting::word).collect(Collectors.joining(", "))));
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
