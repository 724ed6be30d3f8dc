package io.github.camelingest.it;

import static io.github.camelingest.it.Jar.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelingest.it.FaultProxy.Fault;
import io.github.camelingest.it.FaultProxy.Request;
import io.github.camelingest.local.SampleData;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A server is away for a while: loading waits and goes on, and the tables come out the same. */
@Execution(ExecutionMode.CONCURRENT)
class OutageIT {

  private static final Duration PATIENCE = Duration.ofSeconds(180);
  private static final Predicate<Request> OBJECTS =
      request -> request.method().equals("GET") && request.path().contains("/visits/");
  static final String VISITS = visits();

  private final Space space = Space.create();

  private static String visits() {
    String[] lines = new SampleData(1).visits(60_000).split("\n");
    for (int i = 0; i < lines.length; i += 1_000) {
      lines[i] = "broken";
      lines[i + 1] = "";
    }
    return String.join("\n", lines);
  }

  @Test
  void connectionsCutInTheMiddleOfAFile() {
    try (Jar jar = startInTheMiddleOfAFile(space)) {
      // When
      for (int cut = 1; cut <= 5; cut++) {
        long rows = space.number("select rows from ingest.object");
        space.rows(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'camel-ingest'");
        jar.awaitUntil(() -> space.number("select rows from ingest.object") > rows);
      }

      // Then
      awaitLoaded(jar, 1);
      assertThat(jar.log()).contains("PostgreSQL is away").doesNotContain("not loaded", "\tat ");
      assertThat(space.number("select attempts from ingest.object")).isEqualTo(1);
    }
    assertThat(space.tables()).isEqualTo(undisturbed());
  }

  static Stream<Arguments> faultsOfS3() {
    return Stream.of(
        Arguments.of("answers 503", Fault.answer(503)),
        Arguments.of("answers 500", Fault.answer(500)),
        Arguments.of("cuts the connection in the middle of an object", Fault.cutAfter(1_000_000)),
        Arguments.of("stalls in the middle of an object", Fault.stallAfter(1_000_000)));
  }

  @ParameterizedTest(name = "S3 {0}")
  @MethodSource("faultsOfS3")
  void s3IsAway(String what, Fault fault) {
    try (FaultProxy s3 = FaultProxy.to(URI.create(space.environment().get("AWS_ENDPOINT_URL_S3")));
        Jar jar =
            Jar.start(
                with(through(s3, "AWS_ENDPOINT_URL_S3"), "INGEST_MAX_ATTEMPTS", "2"), "run")) {
      jar.awaitReady();

      // When it happens as often as an object may fail
      s3.on(OBJECTS, fault);
      space.put("visits/a.jsonl", VISITS);
      jar.awaitUntil(() -> jar.log().split("not loaded, will be tried again", -1).length > 2);
      s3.heal();

      // Then
      awaitLoaded(jar, 1);
      assertThat(jar.log()).doesNotContain("\tat ");
    }
    assertThat(space.tables()).isEqualTo(undisturbed());
  }

  @Test
  void theQueueIsUnreachableAndThenIsBack() {
    try (FaultProxy sqs =
            FaultProxy.to(URI.create(space.environment().get("AWS_ENDPOINT_URL_SQS")));
        Jar jar = Jar.start(through(sqs, "AWS_ENDPOINT_URL_SQS"), "run")) {
      jar.awaitReady();

      // When
      sqs.on(request -> true, Fault.refuse());
      space.put("visits/a.jsonl", VISITS);
      long before = sqs.faults();
      jar.awaitUntil(() -> sqs.faults() > before + 5);
      sqs.heal();

      // Then
      awaitLoaded(jar, 1);
      jar.awaitUntil(() -> space.messages() == 0);
    }
    assertThat(space.tables()).isEqualTo(undisturbed());
  }

  @Test
  void messagesThatComeTwiceOutOfOrderOrGetLostOnTheirWayLoadEverythingOnce() {
    try (FaultProxy sqs =
            FaultProxy.to(URI.create(space.environment().get("AWS_ENDPOINT_URL_SQS")));
        Jar jar = Jar.start(through(sqs, "AWS_ENDPOINT_URL_SQS"), "run")) {
      jar.awaitReady();

      // Given deletions that the queue never hears of, so that every message comes again
      sqs.on(request -> request.isSqs("DeleteMessageBatch"), Fault.swallow());
      for (int file = 0; file < 5; file++) {
        space.put("visits/%d.jsonl".formatted(file), new SampleData(file).visits(10));
      }
      awaitLoaded(jar, 5);

      // When
      sqs.heal();
      jar.awaitUntil(() -> space.messages() == 0);

      // Then
      assertThat(space.number("select max(attempts) from ingest.object")).isEqualTo(1);
      assertThat(space.number("select sum(rows) from ingest.object")).isEqualTo(50);
    }
  }

  /** An application that has committed some lines of an object, and not all of them. */
  static Jar startInTheMiddleOfAFile(Space space) {
    space.put("visits/a.jsonl", VISITS);
    Jar jar = Jar.start(with(space.environment(), "INGEST_BATCH_SIZE", "100"), "run");
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> space.number("select rows from ingest.object") > 1_000);
    return jar;
  }

  private Map<String, String> through(FaultProxy proxy, String endpoint) {
    return with(space.environment(), endpoint, proxy.endpoint().toString());
  }

  private void awaitLoaded(Jar jar, int objects) {
    awaitLoaded(jar, space, objects);
  }

  static void awaitLoaded(Jar jar, Space space, int objects) {
    jar.awaitUntil(
        () -> space.number("select count(*) from ingest.object where state = 'loaded'") == objects);
  }

  /** What loading the visits leaves behind where nothing is away. */
  static List<String> undisturbed() {
    Space undisturbed = Space.create();
    undisturbed.put("visits/a.jsonl", VISITS);
    Jar.run(undisturbed.environment(), "load", "visits").succeeded();
    return undisturbed.tables();
  }
}
