package io.github.camelingest.ledger;

/**
 * The right to load one object, until the lease runs out or somebody else claims it.
 *
 * @param objectId the object's id in the ledger
 * @param epoch the fencing token: a commit under an older epoch fails
 * @param start the first place that earlier attempts left open
 * @param committed lines that earlier attempts have committed; all before {@code start}, and
 *     possibly some behind it
 * @param plain whether earlier attempts found that the object is not compressed, so that its bytes
 *     are those of its content
 */
public record Claim(
    S3Object object,
    long objectId,
    long epoch,
    Position start,
    LineRanges committed,
    boolean plain) {}
