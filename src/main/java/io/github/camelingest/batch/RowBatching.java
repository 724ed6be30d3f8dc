package io.github.camelingest.batch;

import io.github.camelingest.load.Chunk;
import io.github.camelingest.load.Loads;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;

/**
 * Gathers chunks into a {@link RowBatch}, and completes it early where its lines are long.
 * Thread-safe, as the aggregator holds its lock.
 */
public final class RowBatching implements AggregationStrategy {

  @Override
  public Exchange aggregate(Exchange batched, Exchange incoming) {
    Chunk chunk = incoming.getMessage().getBody(Chunk.class);
    Exchange exchange = batched;
    if (batched == null) {
      exchange = incoming;
      exchange.removeProperty(Loads.LOAD);
      exchange.getMessage().setBody(new RowBatch(chunk.load().claim().object().dataset()));
    }
    RowBatch batch = exchange.getMessage().getBody(RowBatch.class);
    batch.add(chunk);
    if (batch.isFull()) {
      exchange.setProperty(ExchangePropertyKey.AGGREGATION_COMPLETE_CURRENT_GROUP, true);
    }
    return exchange;
  }
}
