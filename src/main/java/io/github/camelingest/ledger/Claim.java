package io.github.camelingest.ledger;

/**
 * The right to load one object, until the lease runs out or somebody else claims it.
 *
 * @param objectId the object's id in the ledger
 * @param epoch the fencing token: a commit under an older epoch fails
 * @param start the first place that earlier attempts left open
 * @param committed lines that earlier attempts have committed; all before {@code start}, and
 *     possibly some behind it
 * @param rows lines that earlier attempts made rows
 * @param rejected lines that earlier attempts rejected
 * @param plain whether earlier attempts found that the object is not compressed, so that its bytes
 *     are those of its content
 * @param replay whether the same content was loaded before, so that its rows take the place of
 *     those
 * @param heldBack whether rows of earlier attempts wait to take the place of others
 */
public record Claim(
    S3Object object,
    long objectId,
    long epoch,
    Position start,
    LineRanges committed,
    long rows,
    long rejected,
    boolean plain,
    boolean replay,
    boolean heldBack) {}
