package io.github.camelingest.ledger;

import java.time.Instant;
import java.util.Optional;

/**
 * What whoever watches is told of one dataset.
 *
 * @param at when that was, by the clock of the database
 * @param oldest when S3 took the object that has waited or loaded for longest
 * @param error why an object of it is not loaded: of those that are not tried again, else of those
 *     that are
 */
public record DatasetFigures(
    DatasetStatus counts, Instant at, Optional<Instant> oldest, Optional<String> error) {}
