package io.github.camelingest.load;

import org.apache.camel.Exchange;
import org.apache.camel.processor.aggregate.UseOriginalAggregationStrategy;

/**
 * What becomes of a split {@link Chunk}: one that fails ends its load before the next is taken, so
 * that progress never covers it; one that the route stops is left out. (The splitter's own {@code
 * stopOnException} would end the load for both.)
 */
public final class ChunkOutcomes extends UseOriginalAggregationStrategy {

  public ChunkOutcomes() {
    super(true);
  }

  private ChunkOutcomes(Exchange object) {
    super(object, true);
  }

  @Override
  public UseOriginalAggregationStrategy newInstance(Exchange object) {
    return new ChunkOutcomes(object);
  }

  @Override
  public Exchange aggregate(Exchange earlier, Exchange chunk) {
    Exception failure = chunk.getException();
    if (failure != null) {
      chunk
          .getProperty(Loads.LOAD, Load.class)
          .fail(
              failure instanceof RuntimeException e
                  ? e
                  : new IllegalStateException(failure.getMessage(), failure));
    }
    return super.aggregate(earlier, chunk);
  }
}
