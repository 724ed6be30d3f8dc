package io.github.camelingest.ledger;

import java.time.Instant;

/**
 * Events of others from one bucket, or a message that nobody understands.
 *
 * @param what the bucket, or the id of the SQS message
 * @param times how many events there were, or how often the message was received
 * @param example the location of an object, or what is wrong with the message and its beginning
 */
public record StrayMessage(String what, long times, Instant first, Instant last, String example) {}
