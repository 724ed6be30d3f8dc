package io.github.camelingest.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BlockingExecutorTest {

  @Test
  void whoeverBringsATaskWaitsWhileAllThreadsAreBusy() throws InterruptedException {
    // Given
    BlockingExecutor executor = new BlockingExecutor(2);
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger accepted = new AtomicInteger();
    Thread producer =
        new Thread(
            () -> {
              for (int i = 0; i < 3; i++) {
                executor.execute(() -> awaitOn(release));
                accepted.incrementAndGet();
              }
            });

    // When
    producer.start();
    await().until(() -> producer.getState() == Thread.State.WAITING);

    // Then
    assertThat(accepted).hasValue(2);
    release.countDown();
    producer.join();
    assertThat(accepted).hasValue(3);
    executor.shutdown();
  }

  @Test
  void refusesTasksAfterItsEnd() {
    BlockingExecutor executor = new BlockingExecutor(1);
    executor.shutdown();

    assertThatThrownBy(() -> executor.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }

  private static void awaitOn(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
