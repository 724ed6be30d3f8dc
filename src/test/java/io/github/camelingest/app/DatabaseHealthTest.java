package io.github.camelingest.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelingest.ledger.Outages;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

class DatabaseHealthTest {

  private final Outages outages = new Outages();
  private final DatabaseHealth health = new DatabaseHealth(outages);

  @Test
  void isDownWithTheReasonWhileSomebodyWaitsForTheDatabase() throws Exception {
    // Given work that the database is away from
    AtomicBoolean away = new AtomicBoolean(true);
    CompletableFuture<String> work =
        CompletableFuture.supplyAsync(
            () ->
                outages.outlast(
                    attempt -> {
                      if (away.get()) {
                        throw new DataAccessResourceFailureException(
                            "", new SQLException("the server has crashed", "57P02"));
                      }
                      return "done";
                    }));

    // When
    await().until(() -> outages.current().isPresent());
    HealthCheck.Result during = health.call();
    away.set(false);
    work.get();
    HealthCheck.Result after = health.call();

    // Then
    assertThat(during.getState()).isEqualTo(HealthCheck.State.DOWN);
    assertThat(during.getMessage().orElse("")).contains("the server has crashed");
    assertThat(during.getDetails()).containsKey("since");
    assertThat(after.getState()).isEqualTo(HealthCheck.State.UP);
  }
}
