package io.github.camelingest.batch;

import org.apache.camel.Body;

/**
 * Hands rows of a batch to PostgreSQL, as steps within a {@link BatchWriter}: either straight into
 * a table, or into a temporary one for SQL to work on. Thread-safe.
 */
public final class BatchRows {

  /**
   * The statement that makes the temporary table of a dataset, for those who try SQL without rows.
   *
   * @param rows class of the rows
   * @throws IllegalArgumentException if it is neither a record nor a JSON object
   */
  public static String creation(String dataset, Class<?> rows) {
    return BatchTable.creation(dataset, RowType.of(rows).columns());
  }

  /** What the temporary table of a dataset is called. */
  public static String table(String dataset) {
    return BatchTable.name(dataset);
  }

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
