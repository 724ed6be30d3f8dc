package io.github.camelingest.batch;

import io.github.camelingest.ledger.RejectedLine;
import io.github.camelingest.load.Line;
import io.github.camelingest.load.Load;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.copy.CopyIn;

/**
 * Rows of one dataset, from one or many objects, to be committed in one transaction. Rows are held
 * as the bytes that PostgreSQL will read. Filled by one thread at a time, then written by another.
 */
public final class RowBatch {

  private final String dataset;

  /**
   * Bytes of a full batch, so that long lines do not fill the heap: several times what a batch of
   * common lines has.
   */
  private static final long FULL_BYTES = 8L * 1024 * 1024;

  private final List<Load.Part> parts = new ArrayList<>();

  /** Of each row, the part of the batch it belongs to, and its line. */
  private final List<Load.Part> partsOfRows = new ArrayList<>();

  private final List<Line> linesOfRows = new ArrayList<>();
  private long bytesOfLines;
  private CopyBuffer rows;
  private RowType type;

  RowBatch(String dataset) {
    this.dataset = dataset;
  }

  /**
   * Adds a line of a load.
   *
   * @param row a record or a JSON object, or a {@link RejectedLine}
   */
  void add(Load load, Line line, Object row) {
    if (row instanceof RejectedLine rejected) {
      bytesOfLines += rejected.raw().length + rejected.message().length();
      partOf(load).rejected(line, rejected);
      return;
    }
    if (type == null) {
      type = RowType.of(row.getClass());
      rows = new CopyBuffer();
    } else if (type != RowType.of(row.getClass())) {
      throw new IllegalArgumentException(
          "the rows of one dataset must be of one type, not also " + row.getClass());
    }
    rows.row(() -> type.write(row, load.claim().objectId(), line.number(), rows));
    // Only now: a load whose row cannot be written has no part in this batch.
    Load.Part part = partOf(load);
    part.row(line);
    partsOfRows.add(part);
    linesOfRows.add(line);
    bytesOfLines += line.bytes().length;
  }

  /**
   * Whether some of its rows are of objects that replace what was loaded before, so that readers
   * must not see these rows yet.
   */
  public boolean isReplacing() {
    return parts.stream().anyMatch(part -> part.load().isReplacing());
  }

  /** Whether it holds as many bytes as a batch may. */
  boolean isFull() {
    return bytesOfLines + (rows == null ? 0 : rows.bytes()) >= FULL_BYTES;
  }

  private Load.Part partOf(Load load) {
    for (Load.Part part : parts) {
      if (part.load() == load) {
        return part;
      }
    }
    Load.Part part = load.part();
    parts.add(part);
    return part;
  }

  String dataset() {
    return dataset;
  }

  List<Load.Part> parts() {
    return parts;
  }

  /** How many rows there are. */
  int size() {
    return linesOfRows.size();
  }

  /** The part of the batch that a row belongs to. */
  Load.Part partOf(int row) {
    return partsOfRows.get(row);
  }

  /** The line that became a row. */
  Line lineOf(int row) {
    return linesOfRows.get(row);
  }

  /** Names of the rows' columns, in the order in which they are sent. */
  String columnNames() {
    return type.names();
  }

  /** Columns of the rows, as {@code create table} wants them. */
  String columns() {
    return type.columns();
  }

  /**
   * Sends some of the rows.
   *
   * @param from the first, from 0
   * @param to behind the last
   */
  void send(CopyIn copy, int from, int to) throws SQLException {
    rows.send(copy, from, to);
  }
}
