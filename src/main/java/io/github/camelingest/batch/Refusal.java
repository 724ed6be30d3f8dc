package io.github.camelingest.batch;

import io.github.camelingest.ledger.RejectedLine;
import io.github.camelingest.load.Load;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.postgresql.util.PSQLException;

/**
 * A row that PostgreSQL refuses, for a reason that is the row's own.
 *
 * @param part what it belongs to
 * @param line what it becomes
 */
record Refusal(Load.Part part, RejectedLine line) {

  /**
   * Classes of SQLSTATE that are about a row (PostgreSQL's manual, "Error Codes"): cardinality
   * violation, data exception, integrity constraint violation, program limit exceeded.
   */
  private static final Set<String> CLASSES = Set.of("21", "22", "23", "54");

  /** What a user's trigger raises. */
  private static final String RAISED = "P0001";

  /** What PostgreSQL said, if some row is why the work failed. */
  static Optional<SQLException> reason(Throwable failure) {
    return Stream.iterate(failure, c -> c != null, Throwable::getCause)
        .filter(SQLException.class::isInstance)
        .map(SQLException.class::cast)
        .filter(e -> isAboutRow(String.valueOf(e.getSQLState())))
        .findFirst();
  }

  private static boolean isAboutRow(String sqlState) {
    return CLASSES.contains(sqlState.substring(0, 2)) || sqlState.equals(RAISED);
  }

  /**
   * @param row which one of the batch, from 0
   */
  static Refusal of(RowBatch batch, int row, SQLException reason) {
    ChunkRows rows = batch.chunkOf(row);
    return new Refusal(rows.part(), rows.refused(row, message(reason), reason.getSQLState()));
  }

  /** Its first line: the others repeat the row. */
  static String message(SQLException reason) {
    return reason instanceof PSQLException p && p.getServerErrorMessage() != null
        ? p.getServerErrorMessage().getMessage()
        : reason.getMessage();
  }
}
