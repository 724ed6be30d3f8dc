package io.github.camelingest.ledger;

import java.time.Instant;

/**
 * Something to be done with a loaded object in S3, which is this instance's to do until its lease
 * runs out.
 *
 * @param objectId the object's id in the ledger
 * @param attempts how often it has failed before
 * @param lease until when; also tells this instance's turn from later ones
 */
public record DueAction(
    long objectId, S3Object object, AfterLoad what, int attempts, Instant lease) {}
