package io.github.camelingest.ledger;

import java.time.Instant;

/**
 * An object as S3 was seen to have it.
 *
 * @param lastModified when S3 took it; null where the source does not say
 * @param readable whether it can be fetched, for all that is known: not so in an archive
 */
public record Sighting(S3Object object, Instant lastModified, boolean readable) {}
