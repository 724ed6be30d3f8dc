package io.github.camelingest.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelingest.ledger.DatasetStatus;
import io.github.camelingest.ledger.Instance;
import io.github.camelingest.ledger.Status;
import io.github.camelingest.ledger.StrayMessages;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the page says where the database is away, and how often it asks. */
class StatusPageTest {

  private static final Instant AT = Instant.parse("2026-01-03T10:00:00Z");

  private static final Status STATUS =
      new Status(
          AT,
          List.of(
              new Status.Dataset(
                  new DatasetStatus("visits", 0, 0, 1, 0, 0, 4_711, 0, AT), null, null, 0)),
          List.of(),
          new Status.Unloaded(0, List.of()),
          new Status.Unloaded(0, List.of()),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          new StrayMessages.Summary(0, 0, List.of()),
          new StrayMessages.Summary(0, 0, List.of()),
          List.of());

  private static final Instance SELF =
      new Instance(
          "a",
          "host",
          1,
          "1.0",
          AT,
          null,
          null,
          List.of(new Instance.Route("visits", "visits", "suspended", "Loads <visits>")),
          List.of(),
          new Instance.Edited(null, "visits.camel.yaml:3:1: <nonsense>", AT));

  @Test
  void whileTheDatabaseIsAwayItShowsWhatItKnewAndItself() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    Supplier<Status> oneAnswer =
        () -> {
          if (looks.getAndIncrement() == 0) {
            return STATUS;
          }
          throw new IllegalStateException("Connection to <db> refused");
        };
    try (ManagementServer server = new ManagementServer("127.0.0.1", 0);
        StatusPage page = new StatusPage(oneAnswer, () -> SELF)) {
      server.serve("/", page);
      server.start();

      // When
      String first = get(server);
      String later =
          Awaitility.await()
              .atMost(Duration.ofSeconds(10))
              .until(() -> get(server), now -> now.contains("PostgreSQL does not answer"));

      // Then
      assertThat(first).contains("4,711").doesNotContain("PostgreSQL does not answer");
      assertThat(later)
          .contains("PostgreSQL does not answer: Connection to &lt;db&gt; refused")
          .contains("<time>2026-01-03T10:00:00Z</time>")
          .contains("4,711", "suspended", "visits.camel.yaml:3:1: &lt;nonsense&gt;");
    }
  }

  @Test
  void whereItNeverAnsweredTheRoutesAreStillShown() throws Exception {
    Supplier<Status> noAnswer =
        () -> {
          throw new IllegalStateException("refused");
        };
    try (ManagementServer server = new ManagementServer("127.0.0.1", 0);
        StatusPage page = new StatusPage(noAnswer, () -> SELF)) {
      server.serve("/", page);
      server.start();

      assertThat(get(server))
          .contains("Nothing is known", "PostgreSQL does not answer: refused", "suspended");
    }
  }

  @Test
  void manyWhoLookAskOnceAndDoNotWaitForLong() throws Exception {
    // Given a database that does not answer
    AtomicInteger looks = new AtomicInteger();
    CountDownLatch answer = new CountDownLatch(1);
    Supplier<Status> stuck =
        () -> {
          looks.incrementAndGet();
          try {
            answer.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return STATUS;
        };
    try (ManagementServer server = new ManagementServer("127.0.0.1", 0);
        StatusPage page = new StatusPage(stuck, () -> SELF)) {
      server.serve("/", page);
      server.start();

      // When
      List<CompletableFuture<String>> pages = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        pages.add(CompletableFuture.supplyAsync(() -> get(server)));
      }

      // Then
      assertThat(pages).allSatisfy(one -> assertThat(one.get()).contains("Nothing is known"));
      assertThat(looks).hasValue(1);
      answer.countDown();
      Awaitility.await().until(() -> get(server).contains("4,711"));
    }
  }

  private static String get(ManagementServer server) {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create(server.address())).build(), BodyHandlers.ofString())
          .body();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
