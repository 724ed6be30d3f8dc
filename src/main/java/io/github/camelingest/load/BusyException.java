package io.github.camelingest.load;

import io.github.camelingest.ledger.S3Object;

/**
 * Somebody else is loading the object, or it waits after a failure; whoever asked should ask again
 * later.
 */
public final class BusyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BusyException(S3Object object) {
    super(object.location() + " is being loaded already, or waits for its next attempt");
  }
}
