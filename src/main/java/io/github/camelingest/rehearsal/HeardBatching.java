package io.github.camelingest.rehearsal;

import io.github.camelingest.batch.RowBatching;
import io.github.camelingest.load.Chunk;
import java.util.function.Consumer;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;

/** {@link RowBatching}, of which somebody hears before the batch forgets the rows. Thread-safe. */
final class HeardBatching implements AggregationStrategy {

  private final AggregationStrategy batching = new RowBatching();
  private final Consumer<Chunk> listener;

  HeardBatching(Consumer<Chunk> listener) {
    this.listener = listener;
  }

  @Override
  public Exchange aggregate(Exchange batched, Exchange incoming) {
    listener.accept(incoming.getMessage().getBody(Chunk.class));
    return batching.aggregate(batched, incoming);
  }
}
