package io.github.camelingest.batch;

import org.apache.camel.Body;

/**
 * Hands rows of a batch to PostgreSQL, as steps within a {@link BatchWriter}: either straight into
 * a table, or into a temporary one for SQL to work on. Thread-safe.
 */
public final class BatchRows {

  /**
   * Adds the rows to a table whose columns are called like theirs, and {@code object_id} and {@code
   * line}.
   *
   * @throws NotCopiedException if that is not how these rows get there: one has a key that the
   *     table has already, or must not be seen yet. The table is as it was, and the transaction
   *     goes on.
   */
  public void copy(@Body RowBatch batch, String table) throws NotCopiedException {
    if (batch.isReplacing() || !batch.table().copyInto(table)) {
      throw new NotCopiedException(table);
    }
  }

  /**
   * Puts the rows into the temporary table {@code <dataset>_batch}: one column per field, and
   * {@code object_id} and {@code line}.
   */
  public void stage(@Body RowBatch batch) {
    batch.table().fill();
  }
}
