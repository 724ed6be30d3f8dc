package io.github.camelingest.batch;

import io.github.camelingest.ledger.RejectedLine;
import io.github.camelingest.load.Chunk;
import io.github.camelingest.load.Load;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
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
  private final List<ChunkRows> chunks = new ArrayList<>();
  private RowType type;
  private int rows;
  private long bytes;

  /** Lines that were added, rejected and left out ones included. */
  private int lines;

  /** Rows that the steps of the route work on. */
  private int from;

  private int to;
  private BatchTable table;

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
    if (type == null) {
      type = typeOf(chunk);
    }
    ChunkRows added = new ChunkRows(chunk, rows, type);
    // Only now: a load whose row cannot be written has no part in this batch.
    lines += chunk.size();
    rows += added.size();
    bytes += added.bytes();
    chunks.add(added);
    added.belongTo(partOf(chunk.load()));
  }

  /** Of its rows; null if it has none. */
  private static RowType typeOf(Chunk chunk) {
    return IntStream.range(0, chunk.size())
        .mapToObj(chunk::row)
        .filter(row -> row != null && !(row instanceof RejectedLine))
        .findFirst()
        .map(row -> RowType.of(row.getClass()))
        .orElse(null);
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
    return bytes >= FULL_BYTES;
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

  /** The part that each load has in it. */
  public List<Load.Part> parts() {
    return parts;
  }

  /** How many lines there are, rejected and left out ones included: it completes a batch. */
  public int getLines() {
    return lines;
  }

  /**
   * Begins an attempt to write the batch.
   *
   * @param ofTransaction where its rows are handed to PostgreSQL
   */
  void begin(BatchTable ofTransaction) {
    table = ofTransaction;
    work(0, size());
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
  public int size() {
    return rows;
  }

  /** The chunk that a row belongs to. */
  ChunkRows chunkOf(int row) {
    return chunks.stream().filter(chunk -> row < chunk.end()).findFirst().orElseThrow();
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
    CopyBuffer.sendStart(copy);
    for (ChunkRows chunk : chunks) {
      chunk.send(copy, from, to);
    }
    CopyBuffer.sendEnd(copy);
  }
}
