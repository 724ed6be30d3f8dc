package io.github.camelingest.load;

/**
 * One line of an object that has content.
 *
 * @param number from 1; blank lines count
 * @param bytes without the line ending; of a line longer than the limit, only the first
 * @param flaw what makes it none to be read, or null
 * @param ordinal from 1, among the lines handed out by the same reading
 * @param blanksBefore blank lines before it, found by the same reading
 * @param endByte bytes of the content up to its end, the line ending included
 */
public record Line(
    long number, byte[] bytes, Flaw flaw, long ordinal, long blanksBefore, long endByte) {}
