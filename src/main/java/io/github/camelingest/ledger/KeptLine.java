package io.github.camelingest.ledger;

import java.time.Instant;

/**
 * A rejected line as the ledger keeps it.
 *
 * @param location of its object, {@code s3://bucket/key}
 * @param at when it was rejected
 */
public record KeptLine(String dataset, String location, RejectedLine line, Instant at) {}
