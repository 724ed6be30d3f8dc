package io.github.camelingest.it;

import static io.github.camelingest.it.Jar.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelingest.local.S3EventJson;
import io.github.camelingest.local.SampleData;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A queue that loses messages, doubles them and gives them in any order. {@code -Dobjects=5000}
 * makes more of them.
 */
class MissedNotificationsIT {

  private static final int OBJECTS = Integer.getInteger("objects", 1_000);
  private static final int EVERY = 10;

  @Test
  void everyObjectIsLoadedOnce() {
    // Given objects of one visit each, and a queue that their bucket tells nothing
    Space space = Space.create();
    Space queue = Space.create();
    String[] visits = new SampleData(1).visits(OBJECTS).split("\n");
    List<String> events =
        IntStream.range(0, OBJECTS)
            .parallel()
            .mapToObj(n -> put(space, "visits/%04d.jsonl".formatted(n), visits[n]))
            .toList();
    List<String> messages = new ArrayList<>();
    for (int n = 0; n < OBJECTS; n++) {
      if (n % EVERY != 3) {
        messages.add(events.get(n));
      }
      if (n % EVERY == 7) {
        messages.add(events.get(n));
      }
    }
    Collections.shuffle(messages, new Random(6));

    // When
    try (Jar jar =
        Jar.start(
            with(
                with(space.environment(), "INGEST_QUEUE", queue.environment().get("INGEST_QUEUE")),
                "INGEST_RECONCILE_INTERVAL",
                "10s"),
            "run")) {
      messages.parallelStream().forEach(queue::send);
      jar.awaitUntil(
          () ->
              queue.messages() == 0
                  && space.number("select count(*) from ingest.object where state = 'loaded'")
                      == OBJECTS);
    }

    // Then
    assertThat(space.number("select count(*) from ingest.object")).isEqualTo(OBJECTS);
    assertThat(space.number("select max(attempts) from ingest.object")).isEqualTo(1);
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(OBJECTS);
    assertThat(space.number("select count(*) from fsm.visit_corrected")).isZero();
  }

  private static String put(Space space, String key, String content) {
    String etag = space.put(key, content.getBytes(StandardCharsets.UTF_8));
    return S3EventJson.created("Put", space.bucket(), key, etag, content.length());
  }
}
