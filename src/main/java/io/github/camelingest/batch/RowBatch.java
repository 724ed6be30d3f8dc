package io.github.camelingest.batch;

import io.github.camelingest.ledger.RejectedLine;
import io.github.camelingest.load.Chunk;
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

  /**
   * Bytes of a full batch, so that long lines do not fill the heap: several times what a batch of
   * common lines has.
   */
  private static final long FULL_BYTES = 8L * 1024 * 1024;

  private final String dataset;
  private final List<Load.Part> parts = new ArrayList<>();

  /** Of each row, the part of the batch it belongs to, and its line. */
  private final List<Load.Part> partsOfRows = new ArrayList<>();

  private final List<Line> linesOfRows = new ArrayList<>();
  private long bytesOfLines;
  private final CopyBuffer rows = new CopyBuffer();
  private RowType type;

  /** Lines that were added, rejected ones included. */
  private int lines;

  /** Rows that the steps of the route work on. */
  private int from;

  private int to;
  private BatchTable table;
  private boolean triedBefore;

  RowBatch(String dataset) {
    this.dataset = dataset;
  }

  /**
   * Adds the rows and rejected lines of a chunk. A row is a record or a JSON object.
   *
   * @throws IllegalArgumentException if a row is neither, or not what the others are
   */
  void add(Chunk chunk) {
    if (chunk.isLeftOut()) {
      return;
    }
    int before = size();
    try {
      for (int i = 0; i < chunk.size(); i++) {
        add(chunk.load(), chunk.line(i), chunk.row(i));
      }
    } catch (RuntimeException e) {
      // A load whose row cannot be written has no part in this batch.
      linesOfRows.subList(before, linesOfRows.size()).clear();
      rows.cut(before);
      throw e;
    }
    Load.Part part = partOf(chunk.load());
    part.take(chunk);
    while (partsOfRows.size() < size()) {
      partsOfRows.add(part);
    }
  }

  private void add(Load load, Line line, Object row) {
    if (row instanceof RejectedLine rejected) {
      bytesOfLines += rejected.raw().length + rejected.message().length();
      lines++;
    } else if (row != null) {
      write(load, line, row);
      linesOfRows.add(line);
      bytesOfLines += line.bytes().length;
      lines++;
    }
  }

  private void write(Load load, Line line, Object row) {
    if (type == null) {
      type = RowType.of(row.getClass());
    } else if (type != RowType.of(row.getClass())) {
      throw new IllegalArgumentException(
          "the rows of one dataset must be of one type, not also " + row.getClass());
    }
    type.write(row, load.claim().objectId(), line.number(), rows);
    rows.endRow();
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
    return bytesOfLines + rows.bytes() >= FULL_BYTES;
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

  /** How many lines there are, rejected ones included: a route completes a batch by it. */
  public int getLines() {
    return lines;
  }

  /**
   * Begins an attempt to write the batch.
   *
   * @param ofTransaction where its rows are handed to PostgreSQL
   * @param again whether an earlier attempt failed
   */
  void begin(BatchTable ofTransaction, boolean again) {
    table = ofTransaction;
    triedBefore = again;
    work(0, size());
  }

  /** Whether an earlier attempt to write it failed, maybe in a deadlock. */
  boolean isTriedBefore() {
    return triedBefore;
  }

  BatchTable table() {
    return table;
  }

  /** Makes rows from {@code from} to before {@code to} the ones that steps work on. */
  void work(int from, int to) {
    this.from = from;
    this.to = to;
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

  /** How many rows steps work on. */
  int working() {
    return to - from;
  }

  /** Sends the rows that steps work on. */
  void send(CopyIn copy) throws SQLException {
    rows.send(copy, from, to);
  }
}
