package io.github.camelingest.ledger;

import java.util.List;
import java.util.Optional;

/**
 * A page of a listing: all that S3 has of a prefix in a range of keys.
 *
 * @param after the range begins behind this key; empty at the beginning of the prefix
 * @param upTo its last key; nothing at the end of the prefix
 * @param objects of the dataset, in the order of S3, which is that of their keys' bytes
 */
public record ListedPage(
    String dataset,
    String bucket,
    String prefix,
    String after,
    Optional<String> upTo,
    List<Sighting> objects) {}
