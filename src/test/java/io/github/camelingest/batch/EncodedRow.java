package io.github.camelingest.batch;

/** A row as it is sent to PostgreSQL, for tests of the records that become rows. */
public final class EncodedRow {

  private EncodedRow() {}

  /**
   * Bytes that the row takes.
   *
   * @throws RuntimeException if it cannot be written
   */
  public static int bytes(Record row) {
    CopyBuffer buffer = new CopyBuffer(1_000);
    RowType.of(row.getClass()).write(row, 1, 1, buffer);
    return buffer.bytes();
  }
}
