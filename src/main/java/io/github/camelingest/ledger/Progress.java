package io.github.camelingest.ledger;

import java.util.List;

/**
 * What one batch did for one object; committed together with the batch's rows.
 *
 * @param from where the part begins that the batch settles
 * @param to where it ends; every line between is a row, rejected, blank or filtered, or was
 *     committed before
 * @param rows lines that became rows
 * @param rejected lines that did not
 * @param blank lines with nothing to load
 * @param filtered lines that a step of the route left out
 */
public record Progress(
    Claim claim,
    Position from,
    Position to,
    long rows,
    List<RejectedLine> rejected,
    long blank,
    long filtered) {}
