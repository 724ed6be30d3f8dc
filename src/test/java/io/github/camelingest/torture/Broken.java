package io.github.camelingest.torture;

/** An application that is broken on purpose, to see that the torture finds it. */
enum Broken {
  /** Nothing is broken. */
  NOTHING,

  /** A message is deleted before its objects stand in the ledger. */
  ACKNOWLEDGE_EARLY,

  /** Rows of the journal commit before the ledger's progress, not with it. */
  SECOND_TRANSACTION
}
