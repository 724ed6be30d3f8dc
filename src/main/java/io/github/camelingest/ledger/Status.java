package io.github.camelingest.ledger;

import java.time.Instant;
import java.util.List;

/**
 * What the ledger knows at a moment, of everything that somebody may ask who watches.
 *
 * @param at by the clock of the database
 * @param loading objects that are being loaded, those that began first first; some of them
 * @param waiting objects that are tried again, those whose turn comes first first; some of them
 * @param failed objects that are not tried again, the newest first; some of them
 * @param rejected lines by dataset and reason, the most frequent first
 * @param minutes the last ones, each where something was loaded
 * @param comparisons the last one of each place
 * @param afterLoad what is still to be done with loaded objects, of datasets where something is
 * @param foreign events of buckets or prefixes that no dataset has
 * @param unreadable messages that nobody understands
 */
public record Status(
    Instant at,
    List<Dataset> datasets,
    List<LoadingObject> loading,
    Unloaded waiting,
    Unloaded failed,
    List<RejectedGroup> rejected,
    List<Minute> minutes,
    List<Reconciliation> comparisons,
    List<Outbox.Waiting> afterLoad,
    StrayMessages.Summary foreign,
    StrayMessages.Summary unreadable,
    List<Instance> instances) {

  /**
   * A dataset.
   *
   * @param oldest when S3 took the object that has waited or loaded for longest; null where none
   *     does
   * @param last the object that was loaded last; null before the first
   * @param rowsPerSecond over the last {@link StatusQuery#RATE_MINUTES} minutes
   */
  public record Dataset(
      DatasetStatus counts, Instant oldest, LoadedObject last, double rowsPerSecond) {

    public String name() {
      return counts.dataset();
    }
  }

  /** An object that is loaded. */
  public record LoadedObject(String location, long rows, long rejected, Instant at) {}

  /**
   * An object that is being loaded.
   *
   * @param size bytes as stored in S3; 0 where that is not known
   * @param bytes of these that were read; -1 where that is not known
   * @param rows that are committed
   * @param rowsPerSecond of this attempt; -1 where that is not known
   * @param since when this attempt began, else the first one
   * @param by the instance, as {@code host:pid}; null where it does not tell
   */
  public record LoadingObject(
      String dataset,
      String location,
      long size,
      long bytes,
      long rows,
      long rejected,
      double rowsPerSecond,
      Instant since,
      String by) {

    /** Between 0 and 1; -1 where that is not known. */
    public double share() {
      return size <= 0 || bytes < 0 ? -1 : Math.min(1, (double) bytes / size);
    }
  }

  /**
   * Objects that are not loaded since an attempt failed.
   *
   * @param objects how many there are
   * @param some of them
   */
  public record Unloaded(long objects, List<Attempted> some) {}

  /**
   * An object whose load failed.
   *
   * @param error why
   * @param next when it is tried again; null where it is not
   */
  public record Attempted(
      String dataset, String location, int attempts, String error, Instant next) {}

  /**
   * What was loaded of a dataset in a minute: what loading an object took longer than that is
   * spread evenly.
   *
   * @param minute its beginning
   */
  public record Minute(String dataset, Instant minute, long rows, long rejected) {}

  /** Whether an instance was seen lately, so that it runs and reaches the database. */
  public boolean isPresent(Instance instance) {
    return instance.seen() != null && instance.seen().isAfter(at.minus(Claims.LEASE));
  }
}
