package io.github.camelingest.load;

/**
 * What makes a line none to be read at all.
 *
 * @param message what is wrong, where, and what to do
 */
public record Flaw(Reason reason, String message) {}
