package io.github.camelingest.ledger;

import java.time.Instant;

/**
 * What the ledger knows of one dataset.
 *
 * @param waiting objects discovered and not loading
 * @param ended objects that will not be loaded: failed, superseded or gone
 * @param lastLoaded when the newest load ended, or null before the first
 */
public record DatasetStatus(
    String dataset,
    long waiting,
    long loading,
    long loaded,
    long ended,
    long rows,
    long rejected,
    Instant lastLoaded) {}
