package io.github.camelingest.ledger;

import java.time.Instant;

/**
 * A comparison of a prefix with the ledger, so far or at its end.
 *
 * @param requests pages that S3 listed
 * @param objects what it listed
 * @param found of these, what is to be loaded now and was not before
 * @param pruned entries that were removed from the ledger
 * @param error why it could not be ended; null where it was, or goes on
 * @param ended null while it goes on
 */
public record Reconciliation(
    String dataset,
    String bucket,
    String prefix,
    Instant began,
    long requests,
    long objects,
    long found,
    long pruned,
    String error,
    Instant ended) {

  /** One that begins now. */
  public static Reconciliation begun(String dataset, String bucket, String prefix) {
    return new Reconciliation(dataset, bucket, prefix, Instant.now(), 0, 0, 0, 0, null, null);
  }

  /** The same with one page more. */
  public Reconciliation with(int listed, int foundThere) {
    return new Reconciliation(
        dataset,
        bucket,
        prefix,
        began,
        requests + 1,
        objects + listed,
        found + foundThere,
        pruned,
        error,
        null);
  }

  public Reconciliation pruned(int entries) {
    return new Reconciliation(
        dataset, bucket, prefix, began, requests, objects, found, entries, error, null);
  }

  public Reconciliation failed(String why) {
    return new Reconciliation(
        dataset, bucket, prefix, began, requests, objects, found, pruned, why, null);
  }
}
