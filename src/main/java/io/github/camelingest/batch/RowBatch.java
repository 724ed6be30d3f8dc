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
  private final List<Load.Part> parts = new ArrayList<>();
  private CopyBuffer rows;
  private RowType type;

  RowBatch(String dataset) {
    this.dataset = dataset;
  }

  /**
   * Adds a line of a load.
   *
   * @param row a record, or a {@link RejectedLine}
   */
  void add(Load load, Line line, Object row) {
    if (row instanceof RejectedLine rejected) {
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
    partOf(load).row(line);
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

  boolean hasRows() {
    return rows != null;
  }

  /** Names of the rows' columns, in the order in which they are sent. */
  String columnNames() {
    return type.names();
  }

  /** Columns of the rows, as {@code create table} wants them. */
  String columns() {
    return type.columns();
  }

  void send(CopyIn copy) throws SQLException {
    rows.send(copy);
  }
}
