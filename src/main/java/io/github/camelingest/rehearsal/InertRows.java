package io.github.camelingest.rehearsal;

import io.github.camelingest.batch.BatchRows;
import io.github.camelingest.batch.RowBatch;
import org.apache.camel.Body;

/** In the place of {@link BatchRows}: rows are handed to nobody. Thread-safe. */
public final class InertRows {

  /** In the place of {@link BatchRows#copy}. */
  public void copy(@Body RowBatch batch, String table) {
    // nobody takes them
  }

  /** In the place of {@link BatchRows#stage}. */
  public void stage(@Body RowBatch batch) {
    // nobody takes them
  }
}
