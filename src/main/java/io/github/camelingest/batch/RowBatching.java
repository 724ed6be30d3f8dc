package io.github.camelingest.batch;

import io.github.camelingest.load.Line;
import io.github.camelingest.load.Lines;
import io.github.camelingest.load.Load;
import io.github.camelingest.load.Loads;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;

/**
 * Gathers rows and rejected lines into a {@link RowBatch}, and completes it early where its lines
 * are long. Thread-safe, as the aggregator holds its lock.
 */
public final class RowBatching implements AggregationStrategy {

  @Override
  public Exchange aggregate(Exchange batched, Exchange incoming) {
    Load load = incoming.getProperty(Loads.LOAD, Load.class);
    Line line = incoming.getMessage().getHeader(Lines.HEADER, Line.class);
    Object row = incoming.getMessage().getBody();
    if (batched != null) {
      return added(batched, batched.getMessage().getBody(RowBatch.class), load, line, row);
    }
    RowBatch batch = new RowBatch(load.claim().object().dataset());
    incoming.getMessage().removeHeader(Lines.HEADER);
    incoming.removeProperty(Loads.LOAD);
    incoming.getMessage().setBody(batch);
    return added(incoming, batch, load, line, row);
  }

  private static Exchange added(
      Exchange exchange, RowBatch batch, Load load, Line line, Object row) {
    batch.add(load, line, row);
    if (batch.isFull()) {
      exchange.setProperty(ExchangePropertyKey.AGGREGATION_COMPLETE_CURRENT_GROUP, true);
    }
    return exchange;
  }
}
