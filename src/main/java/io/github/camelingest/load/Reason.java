package io.github.camelingest.load;

import java.util.Locale;

/** Why a line was rejected: what errors are counted by. What each means stands in docs/input.md. */
public enum Reason {
  NOT_UTF8,
  BAD_CHARACTER,
  TOO_LONG,
  NOT_JSON,
  NOT_OBJECT,
  OVER_LIMIT,
  MISSING_FIELD,
  DUPLICATE_FIELD,
  WRONG_TYPE,
  BAD_VALUE,
  /** PostgreSQL said no. */
  REFUSED;

  private final String code = name().toLowerCase(Locale.ROOT);

  /** As the ledger has it. */
  public String code() {
    return code;
  }
}
