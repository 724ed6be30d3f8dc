package io.github.camelingest.batch;

import io.github.camelingest.ledger.RejectedLine;
import io.github.camelingest.load.Chunk;
import io.github.camelingest.load.Load;
import io.github.camelingest.load.Rejections;
import java.sql.SQLException;
import org.postgresql.copy.CopyIn;

/**
 * The rows of a chunk within a batch, as the bytes that PostgreSQL will read. Rows are counted from
 * the first one of the batch. Not thread-safe.
 */
final class ChunkRows {

  private final Chunk chunk;
  private final int first;
  private final CopyBuffer rows;

  /** Of each row, which line of the chunk it is. */
  private final int[] lines;

  private int size;

  /** Bytes of rejected lines, which the ledger gets. */
  private int rejected;

  private Load.Part part;

  /**
   * @param first row of the batch
   * @param type of all rows
   * @throws IllegalArgumentException if a row is of another type
   */
  ChunkRows(Chunk chunk, int first, RowType type) {
    this.chunk = chunk;
    this.first = first;
    // Binary numbers take about as much as text; the frame of each column makes up for the names.
    rows = new CopyBuffer(chunk.bytes());
    lines = new int[chunk.size()];
    long objectId = chunk.load().claim().objectId();
    for (int i = 0; i < chunk.size(); i++) {
      Object row = chunk.row(i);
      if (row instanceof RejectedLine line) {
        rejected += line.raw().length + line.message().length();
      } else if (row != null) {
        if (RowType.of(row.getClass()) != type) {
          throw new IllegalArgumentException(
              "the rows of one dataset must be of one type, not also " + row.getClass());
        }
        type.write(row, objectId, chunk.number(i), rows);
        rows.endRow();
        lines[size++] = i;
      }
    }
  }

  /** Makes its lines a part of the batch. */
  void belongTo(Load.Part partOfBatch) {
    part = partOfBatch;
    part.take(chunk);
    chunk.forgetRows();
  }

  Load.Part part() {
    return part;
  }

  /** How many rows there are. */
  int size() {
    return size;
  }

  /** Behind its last row. */
  int end() {
    return first + size;
  }

  /** Bytes that are held. */
  int bytes() {
    return chunk.bytes() + rejected + rows.bytes();
  }

  /** The rejected line for a row that PostgreSQL refused. */
  RejectedLine refused(int row, String message, String sqlState) {
    int line = lines[row - first];
    return Rejections.refused(chunk.number(line), chunk.bytes(line), message, sqlState);
  }

  /** Sends those of its rows that lie from {@code from} to before {@code to}. */
  void send(CopyIn copy, int from, int to) throws SQLException {
    int start = Math.max(from, first);
    int end = Math.min(to, end());
    if (start < end) {
      rows.send(copy, start - first, end - first);
    }
  }
}
