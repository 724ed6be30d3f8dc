package io.github.camelingest.load;

import org.apache.camel.Exchange;
import org.apache.camel.processor.aggregate.UseOriginalAggregationStrategy;

/**
 * What becomes of a split line: one that fails ends its load before the next line is taken, so that
 * progress never covers it; one that the route stops is left out. (The splitter's own {@code
 * stopOnException} would end the load for both.)
 */
public final class LineOutcomes extends UseOriginalAggregationStrategy {

  public LineOutcomes() {
    super(true);
  }

  private LineOutcomes(Exchange object) {
    super(object, true);
  }

  @Override
  public UseOriginalAggregationStrategy newInstance(Exchange object) {
    return new LineOutcomes(object);
  }

  @Override
  public Exchange aggregate(Exchange earlier, Exchange line) {
    Exception failure = line.getException();
    if (failure != null) {
      line.getProperty(Loads.LOAD, Load.class)
          .fail(
              failure instanceof RuntimeException e
                  ? e
                  : new IllegalStateException(failure.getMessage(), failure));
    }
    return super.aggregate(earlier, line);
  }
}
