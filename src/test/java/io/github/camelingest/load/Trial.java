package io.github.camelingest.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelingest.fieldservice.AdjacencyLine;
import io.github.camelingest.fieldservice.Visit;
import io.github.camelingest.ledger.LineRanges;
import io.github.camelingest.ledger.Position;
import io.github.camelingest.ledger.RejectedLine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Reads content as the routes do, step by step, without running them. */
final class Trial {

  /** The default of ingest.max-line-bytes. */
  static final int MAX_LINE_BYTES = 1_048_576;

  private static final JsonRows VISITS = new JsonRows(Visit.class);
  private static final JsonRows OBJECTS = new JsonRows(ObjectNode.class);

  /**
   * What becomes of a line; one of the two is null.
   *
   * @param row what the dataset's step made of it
   */
  record Outcome(Object row, RejectedLine rejected) {

    /** The reason's code and the message. */
    String complaint() {
      return rejected == null ? "none" : rejected.reason() + ": " + rejected.message();
    }

    Visit visit() {
      if (rejected != null) {
        throw new AssertionError(complaint());
      }
      return (Visit) row;
    }
  }

  private Trial() {}

  static List<Line> lines(byte[] content, boolean comments) {
    LineReader reader = reader(content, comments);
    List<Line> lines = new ArrayList<>();
    try {
      for (Line line = reader.next(); line != null; line = reader.next()) {
        lines.add(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines;
  }

  static LineReader reader(byte[] content, boolean comments) {
    return new LineReader(
        new ByteArrayInputStream(content),
        Position.START,
        MAX_LINE_BYTES,
        comments,
        LineRanges.parse("{}"));
  }

  static Outcome visit(String line) {
    return visit(line.getBytes(UTF_8));
  }

  /** Of content with one line that is not blank. */
  static Outcome visit(byte[] line) {
    return json(line, VISITS);
  }

  /** As datasets read it whose SQL takes it apart; of content with one line that is not blank. */
  static Outcome object(byte[] line) {
    return json(line, OBJECTS);
  }

  /** Of content with one line that is not blank. */
  static Outcome json(byte[] line, JsonRows rows) {
    Chunk chunk = new Chunk(null, 1, line.length);
    chunk.add(lines(line, false).get(0));
    try {
      rows.unmarshal(null, chunk);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return outcome(chunk.row(0));
  }

  /** Of content with one line that is not blank. */
  static Outcome network(byte[] line) {
    Line read = lines(line, true).get(0);
    if (read.flaw() != null) {
      return outcome(Rejections.flawed(read));
    }
    try {
      return outcome(AdjacencyLine.parse(read.bytes()));
    } catch (IllegalArgumentException e) {
      return outcome(Rejections.rejected(read.number(), read.bytes(), e));
    }
  }

  private static Outcome outcome(Object row) {
    return row instanceof RejectedLine rejected
        ? new Outcome(null, rejected)
        : new Outcome(row, null);
  }
}
