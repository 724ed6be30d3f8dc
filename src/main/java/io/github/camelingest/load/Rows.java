package io.github.camelingest.load;

import io.github.camelingest.ledger.RejectedLine;
import java.util.Iterator;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.processor.aggregate.UseOriginalAggregationStrategy;
import org.apache.camel.support.DefaultMessage;

/**
 * The rows of a {@link Chunk}, one by one, for steps that look at each: what a route splits the
 * chunk into, and the strategy that puts back into the chunk what the steps have made of them. A
 * row that the steps stop is left out. Thread-safe.
 */
public final class Rows extends UseOriginalAggregationStrategy {

  /** Header of each row's message: the {@link Place} of its line. */
  public static final String LINE = "IngestLine";

  /**
   * A line of a chunk.
   *
   * @param index from 0
   */
  public record Place(Chunk chunk, int index) {

    /** Of the line in its object, from 1. */
    public long number() {
      return chunk.number(index);
    }

    /** The line without its ending. */
    public byte[] bytes() {
      return chunk.bytes(index);
    }
  }

  public Rows() {
    super(true);
  }

  private Rows(Exchange chunk) {
    super(chunk, true);
  }

  /** A message for each row of the body that is no rejected line. */
  public Iterator<Message> each(Exchange exchange) {
    Chunk chunk = exchange.getMessage().getBody(Chunk.class);
    return IntStream.range(0, chunk.size())
        .filter(i -> chunk.row(i) != null && !(chunk.row(i) instanceof RejectedLine))
        .mapToObj(i -> message(exchange, chunk, i))
        .iterator();
  }

  private static Message message(Exchange exchange, Chunk chunk, int index) {
    Message message = new DefaultMessage(exchange.getContext());
    message.setBody(chunk.row(index));
    message.setHeader(LINE, new Place(chunk, index));
    return message;
  }

  @Override
  public UseOriginalAggregationStrategy newInstance(Exchange chunk) {
    return new Rows(chunk);
  }

  @Override
  public Exchange aggregate(Exchange earlier, Exchange row) {
    if (row.getException() == null) {
      Place line =
          Objects.requireNonNull(
              row.getMessage().getHeader(LINE, Place.class),
              "a step has removed the header " + LINE);
      line.chunk().row(line.index(), row.isRouteStop() ? null : row.getMessage().getBody());
    }
    return super.aggregate(earlier, row);
  }
}
