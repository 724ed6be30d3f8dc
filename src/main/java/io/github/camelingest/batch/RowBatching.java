package io.github.camelingest.batch;

import io.github.camelingest.load.Line;
import io.github.camelingest.load.Lines;
import io.github.camelingest.load.Load;
import io.github.camelingest.load.Loads;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;

/**
 * Gathers rows and rejected lines into a {@link RowBatch}. Thread-safe, as the aggregator holds its
 * lock.
 */
public final class RowBatching implements AggregationStrategy {

  @Override
  public Exchange aggregate(Exchange batched, Exchange incoming) {
    Load load = incoming.getProperty(Loads.LOAD, Load.class);
    Line line = incoming.getMessage().getHeader(Lines.HEADER, Line.class);
    Object row = incoming.getMessage().getBody();
    if (batched != null) {
      batched.getMessage().getBody(RowBatch.class).add(load, line, row);
      return batched;
    }
    RowBatch batch = new RowBatch(load.claim().object().dataset());
    batch.add(load, line, row);
    incoming.getMessage().removeHeader(Lines.HEADER);
    incoming.removeProperty(Loads.LOAD);
    incoming.getMessage().setBody(batch);
    return incoming;
  }
}
