package io.github.camelingest.ledger;

/** Another instance has taken the object over; nothing of this load may be committed any more. */
public final class ClaimLostException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ClaimLostException(Claim claim) {
    super(claim.object().location() + ": another instance has taken this object over");
  }
}
