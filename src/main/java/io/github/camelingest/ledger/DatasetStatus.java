package io.github.camelingest.ledger;

import java.time.Instant;

/**
 * What the ledger knows of one dataset.
 *
 * @param waiting objects discovered and not loading
 * @param failed objects that failed too often, and wait for a person
 * @param ended objects that need not be loaded any more: superseded or gone
 * @param lastLoaded when the newest load ended, or null before the first
 */
public record DatasetStatus(
    String dataset,
    long waiting,
    long loading,
    long loaded,
    long failed,
    long ended,
    long rows,
    long rejected,
    Instant lastLoaded) {}
