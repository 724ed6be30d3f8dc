package io.github.camelingest.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectReader;
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
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;

/** Reads content as the routes do, step by step, without running them. */
final class Trial {

  /** The default of ingest.max-line-bytes. */
  static final int MAX_LINE_BYTES = 1_048_576;

  private static final byte[] NOTHING = new byte[0];
  private static final ObjectReader VISITS = JsonLines.mapper().readerFor(Visit.class);
  private static final ObjectReader OBJECTS = JsonLines.mapper().readerFor(ObjectNode.class);
  private static final DefaultCamelContext CAMEL = new DefaultCamelContext();

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
  static Outcome json(byte[] line, ObjectReader reader) {
    Line read = lines(line, false).get(0);
    try {
      return new Outcome(reader.readValue(body(read)), null);
    } catch (JacksonException e) {
      return rejected(read, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of content with one line that is not blank. */
  static Outcome network(byte[] line) {
    Line read = lines(line, true).get(0);
    try {
      return new Outcome(AdjacencyLine.parse(body(read)), null);
    } catch (IllegalArgumentException e) {
      return rejected(read, e);
    }
  }

  private static byte[] body(Line line) {
    return line.flaw() == null ? line.bytes() : NOTHING;
  }

  private static Outcome rejected(Line line, Exception cause) {
    Exchange exchange = new DefaultExchange(CAMEL);
    exchange.getMessage().setHeader(Lines.HEADER, line);
    exchange.setProperty(Exchange.EXCEPTION_CAUGHT, cause);
    new Rejections().reject(exchange);
    return new Outcome(null, exchange.getMessage().getBody(RejectedLine.class));
  }
}
