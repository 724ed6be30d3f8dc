package io.github.camelingest.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

class OutagesTest {

  private final Outages outages = new Outages();

  @ParameterizedTest
  @ValueSource(
      strings = {"08001", "08006", "40001", "40P01", "53300", "57P01", "57P03", "55P03", "25P03"})
  void whatPassesIsTriedAgain(String sqlState) {
    int attempts = outages.outlast(attempt -> failingBefore(3, attempt, sqlState));

    assertThat(attempts).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"22003", "23505", "23514", "42P01", "42601", "57014", "28P01", "P0001"})
  void whatDoesNotPassIsNotTriedAgain(String sqlState) {
    assertThatThrownBy(() -> outages.outlast(attempt -> failingBefore(2, attempt, sqlState)))
        .isInstanceOf(DataIntegrityViolationException.class);
    assertThat(outages.current()).isEmpty();
  }

  @Test
  void aPoolWithoutConnectionsMeansThatTheDatabaseIsAway() {
    // Given
    SQLException noConnection =
        new SQLTransientConnectionException(
            "no connection within 2000 ms", null, new SQLException("refused", "08001"));

    // When
    CompletableFuture<Object> work = workThatFailsWith(noConnection);

    // Then
    await().until(() -> outages.current().isPresent());
    assertThat(outages.current().orElseThrow().reason()).isEqualTo("refused");
    outages.stop();
    assertThatThrownBy(work::get).isInstanceOf(ExecutionException.class);
  }

  @Test
  void aRollbackThatFailsTooDoesNotHideTheReason() {
    TransactionSystemException rollback =
        new TransactionSystemException("rollback", new SQLException("Connection is closed"));
    rollback.initApplicationException(
        new IllegalStateException(new SQLException("connection lost", "08006")));

    int attempts =
        outages.outlast(
            attempt -> {
              if (attempt == 1) {
                throw rollback;
              }
              return attempt;
            });

    assertThat(attempts).isEqualTo(2);
  }

  @Test
  void insideATransactionWorkIsDoneOnceSinceAllOfItMustBeRepeated() {
    TransactionSynchronizationManager.setActualTransactionActive(true);
    try {
      assertThatThrownBy(() -> outages.outlast(attempt -> failingBefore(2, attempt, "08006")))
          .isInstanceOf(DataIntegrityViolationException.class);
    } finally {
      TransactionSynchronizationManager.setActualTransactionActive(false);
    }
  }

  @Test
  void nobodyWaitsAfterTheStop() {
    CompletableFuture<Object> work = workThatFailsWith(new SQLException("away", "08001"));
    await().until(() -> outages.current().isPresent());

    outages.stop();

    assertThatThrownBy(work::get).hasRootCauseMessage("away");
    assertThatThrownBy(() -> outages.outlast(attempt -> failingBefore(2, attempt, "08001")))
        .isInstanceOf(DataIntegrityViolationException.class);
  }

  private CompletableFuture<Object> workThatFailsWith(SQLException failure) {
    return CompletableFuture.supplyAsync(
        () ->
            outages.outlast(
                attempt -> {
                  throw new DataIntegrityViolationException("no", failure);
                }));
  }

  private static int failingBefore(int success, int attempt, String sqlState) {
    if (attempt < success) {
      throw new DataIntegrityViolationException("no", new SQLException("no", sqlState));
    }
    return attempt;
  }
}
