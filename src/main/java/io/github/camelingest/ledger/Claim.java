package io.github.camelingest.ledger;

/**
 * The right to load one object, until the lease runs out or somebody else claims it.
 *
 * @param objectId the object's id in the ledger
 * @param epoch the fencing token: a commit under an older epoch fails
 * @param committed lines that earlier attempts have committed
 */
public record Claim(S3Object object, long objectId, long epoch, LineRanges committed) {}
