package io.github.camelingest.ledger;

import java.util.List;

/**
 * What one batch did for one object; committed together with the batch's rows.
 *
 * @param fromLine first line that the batch settles
 * @param toLine last line that the batch settles; every line between is a row, rejected, blank or
 *     filtered, or was committed before
 * @param rows lines that became rows
 * @param rejected lines that did not
 * @param blank lines with nothing to load
 * @param filtered lines that a step of the route left out
 */
public record Progress(
    Claim claim,
    long fromLine,
    long toLine,
    long rows,
    List<RejectedLine> rejected,
    long blank,
    long filtered) {}
