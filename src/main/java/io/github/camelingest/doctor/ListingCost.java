package io.github.camelingest.doctor;

import java.time.Duration;
import java.util.Locale;

/**
 * What it costs to list buckets again and again.
 *
 * @param requests of one comparison of all places with the ledger
 * @param comparisons in a day
 */
record ListingCost(long requests, double comparisons) {

  /** Amazon S3 pricing, LIST requests of S3 Standard, us-east-1, November 2026; in dollars. */
  private static final double A_REQUEST = 0.005 / 1_000;

  /**
   * @param pause between two comparisons
   */
  static ListingCost every(Duration pause, long requests) {
    return new ListingCost(
        requests, (double) Duration.ofDays(1).toMillis() / Math.max(1, pause.toMillis()));
  }

  long requestsADay() {
    return Math.round(requests * comparisons);
  }

  double dollarsADay() {
    return requestsADay() * A_REQUEST;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%,d LIST requests a day, $%.2f", requestsADay(), dollarsADay());
  }
}
