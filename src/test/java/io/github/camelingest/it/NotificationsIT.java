package io.github.camelingest.it;

import static io.github.camelingest.it.Jar.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelingest.local.LocalStack;
import io.github.camelingest.local.S3EventJson;
import io.github.camelingest.local.SampleData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** What becomes of the messages of a queue, in every shape in which AWS sends them. */
class NotificationsIT {

  private static final int VISITS = 10;

  /**
   * Its bucket tells a queue that nobody listens to; the one of the test hears what a test says.
   */
  private final Space space =
      new Space(
          with(
              Space.create().environment(),
              "INGEST_QUEUE",
              Space.create().environment().get("INGEST_QUEUE")));

  private final SampleData data = new SampleData(1);

  @TempDir private Path folder;

  @BeforeEach
  void messagesComeBackSoon() throws IOException {
    Routes.copy(folder).replace("discovery", "visibilityTimeout: 30", "visibilityTimeout: 2");
  }

  @Test
  void everyShapeLoadsItsObjectOnce() {
    try (Jar jar = run()) {
      // Given objects that only the messages tell of
      String put = created("Put", "visits/ a  b+c.jsonl");
      String post = created("Post", "visits/100%.jsonl");
      String copy = created("Copy", "visits/über 日本.jsonl");
      String multipart = created("CompleteMultipartUpload", "visits/${body}.jsonl");
      String wrapped = S3EventJson.bySns(created("Put", "visits/%2B {{ingest.bucket}}.jsonl"));
      String eventBridge = createdByEventBridge("visits/e+%2B${body}.jsonl");
      String wrappedEventBridge = S3EventJson.bySns(createdByEventBridge("visits/f g%20h.jsonl"));
      List<String> messages =
          List.of(put, post, copy, multipart, wrapped, eventBridge, wrappedEventBridge);

      // When they come, twice
      messages.forEach(space::send);
      messages.forEach(space::send);
      jar.awaitUntil(() -> space.messages() == 0 && loaded() == messages.size());

      // Then
      assertThat(space.number("select count(*) from ingest.object")).isEqualTo(messages.size());
      assertThat(space.number("select count(*) from fsm.visit"))
          .isEqualTo((long) messages.size() * VISITS);
      assertThat(space.number("select max(attempts) from ingest.object")).isEqualTo(1);
      assertThat(jar.log()).doesNotContain("WARN", "ERROR");
    }
  }

  @Test
  void theQueueOfTheDocumentationCanBeMade() throws IOException {
    // Given the JSON of the page on discovery, in its order
    List<JsonNode> blocks = new ArrayList<>();
    Matcher json =
        Pattern.compile("```json\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("docs/discovery.md")));
    while (json.find()) {
      blocks.add(new ObjectMapper().readTree(json.group(1)));
    }
    JsonNode queue = blocks.get(0);
    JsonNode notification = blocks.get(1).path("QueueConfigurations").path(0);
    JsonNode pattern = blocks.get(2);

    // When
    space.createQueue("my-queue-dlq", Map.of("MessageRetentionPeriod", "1209600"));
    Map<QueueAttributeName, String> made =
        space.createQueue(
            "my-queue", Map.of("RedrivePolicy", queue.path("RedrivePolicy").textValue()));

    // Then
    assertThat(made.get(QueueAttributeName.REDRIVE_POLICY)).contains("my-queue-dlq");
    assertThat(new ObjectMapper().readTree(queue.path("Policy").textValue()).path("Statement"))
        .hasSize(1);
    assertThat(notification.path("Events"))
        .extracting(JsonNode::textValue)
        .containsExactly("s3:ObjectCreated:*", "s3:ObjectRestore:Completed");
    assertThat(pattern.path("detail-type"))
        .extracting(JsonNode::textValue)
        .containsExactly("Object Created", "Object Restore Completed");
  }

  @Test
  void theSameObjectSeveralTimesInAMessageIsOne() {
    try (Jar jar = run()) {
      String a = created("Put", "visits/a.jsonl");
      String b = created("Copy", "visits/b.jsonl");
      space.send(S3EventJson.together(a, b, a, a, S3EventJson.named("ObjectRemoved:Delete", b)));
      jar.awaitUntil(() -> space.messages() == 0 && loaded() == 2);

      // And when it was restored several times, after it failed in an archive
      space.sql().sql("update ingest.object set state = 'failed', archived = true").update();
      space.send(S3EventJson.named("ObjectRestore:Completed", S3EventJson.together(a, b, a)));
      jar.awaitUntil(() -> space.messages() == 0 && loaded() == 2);

      assertThat(space.number("select count(*) from ingest.object")).isEqualTo(2);
      assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(2 * VISITS);
      assertThat(jar.log()).doesNotContain("WARN", "ERROR");
    }
  }

  @Test
  void eventsOfOthersAreDeletedAndCounted() throws IOException {
    String foreign = S3EventJson.created("Put", "stranger", "visits/a\u001b[31m.jsonl", "abc", 1);
    String unclaimed = S3EventJson.created("Put", space.bucket(), "reports/a.pdf", "abc", 1);
    try (Jar jar = run()) {
      space.send(foreign);
      space.send(S3EventJson.bySns(foreign));
      space.send(S3EventJson.together(unclaimed, created("Put", "visits/a.jsonl"), foreign));
      jar.awaitUntil(() -> space.messages() == 0 && loaded() == 1);
    }

    String text = status();
    JsonNode json = statusAsJson().get("foreign");
    assertThat(text)
        .contains("events of buckets or prefixes that no dataset has: 2 buckets, 4 events")
        .containsPattern("stranger  3, last \\S+: s3://stranger/visits/a\uFFFD\\[31m.jsonl")
        .contains("s3://" + space.bucket() + "/reports/a.pdf")
        .doesNotContain("nobody understands");
    assertThat(json.get("events").asInt()).isEqualTo(4);
    assertThat(json.get("buckets").asInt()).isEqualTo(2);
    assertThat(json.get("latest").get(0).get("bucket").asText()).isEqualTo("stranger");
    assertThat(space.number("select count(*) from ingest.object")).isEqualTo(1);
    assertThat(space.deadLetters()).isZero();
  }

  @Test
  void eventsOfOthersAreLeftWhereTheyShallBe() {
    Map<String, String> environment = with(space.environment(), "INGEST_FOREIGN_EVENTS", "leave");
    String foreign = S3EventJson.created("Put", "stranger", "visits/a.jsonl", "abc", 1);
    try (Jar jar = run(environment)) {
      // When
      space.send(created("Put", "visits/a.jsonl"));
      space.send(foreign);
      space.send(S3EventJson.together(foreign, created("Put", "visits/b.jsonl")));
      jar.awaitUntil(() -> loaded() == 2 && received("foreign") >= 4);

      // Then the two messages are there, or in the dead-letter queue by the number of receipts
      jar.awaitUntil(() -> space.messages() + space.deadLetters() == 2);
      assertThat(space.number("select count(*) from ingest.object")).isEqualTo(2);
      assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(2 * VISITS);
      assertThat(jar.log()).doesNotContain("WARN", "ERROR");
    }
  }

  @Test
  void whatNobodyUnderstandsGoesToTheDeadLetterQueueAndStopsNothing() throws IOException {
    try (Jar jar = run()) {
      // When
      space.send("hello\r\n\u2028\u202eworld");
      space.send("{\"Type\":\"SubscriptionConfirmation\",\"SubscribeURL\":\"https://…\"}");
      space.send(created("Put", "visits/a.jsonl"));
      jar.awaitUntil(() -> loaded() == 1);
      space.send(createdByEventBridge("visits/b.jsonl"));
      jar.awaitUntil(() -> loaded() == 2 && space.deadLetters() == 2);

      // Then each time it was received is one line
      assertThat(space.messages()).isZero();
      assertThat(jar.log().lines().filter(line -> line.contains("WARN")))
          .hasSize(10)
          .allMatch(line -> line.matches(".* message \\S+ stays in the queue, received [1-5] .*"))
          .filteredOn(line -> line.contains("received 5 times so far: not an S3 event"))
          .singleElement()
          .asString()
          .endsWith("not an S3 event notification: hello \uFFFD\uFFFDworld");
      assertThat(jar.log()).doesNotContain("ERROR", "\tat ", "Exception");
    }

    String text = status();
    JsonNode json = statusAsJson().get("unreadable");
    assertThat(text)
        .contains("messages that nobody understands: 2 messages, 10 times received")
        .contains("a subscription to an SNS topic that nobody has confirmed")
        .doesNotContain("no dataset has");
    assertThat(json.get("messages").asInt()).isEqualTo(2);
    assertThat(json.get("received").asInt()).isEqualTo(10);
    assertThat(json.get("latest").get(0).get("received").asInt()).isEqualTo(5);
    assertThat(json.get("latest").get(0).get("message").asText()).hasSize(36);
  }

  @Test
  void testEventsRemovalsAndTheLikeAreDeleted() {
    try (Jar jar = run()) {
      String removed = S3EventJson.named("ObjectRemoved:Delete", created("Put", "visits/a.jsonl"));
      List.of(
              S3EventJson.test(space.bucket()),
              S3EventJson.bySns(S3EventJson.test(space.bucket())),
              removed,
              S3EventJson.bySns(removed),
              createdByEventBridge("visits/a.jsonl").replace("Object Created", "Object Deleted"),
              S3EventJson.created("Put", space.bucket(), "visits/folder/", "abc", 0))
          .forEach(space::send);
      jar.awaitUntil(() -> space.messages() == 0);

      assertThat(space.number("select count(*) from ingest.object")).isZero();
      assertThat(space.number("select count(*) from ingest.stray_message")).isZero();
      assertThat(space.deadLetters()).isZero();
      assertThat(jar.log()).doesNotContain("WARN", "ERROR");
    }
  }

  @Test
  void entriesOfMessagesThatNoQueueHasAnyMoreAreRemoved() {
    try (Jar jar = run()) {
      // Given entries as they get old, and buckets without end
      space
          .sql()
          .sql(
              """
              insert into ingest.stray_message (kind, what, times, first_at, last_at, example)
              select 'unreadable', 'old', 1, now() - interval '20 days', now() - interval '15 days', ''
              union all
              select 'unreadable', 'young', 1, now() - interval '20 days', now() - interval '13 days', ''
              union all
              select 'foreign', 'bucket' || n, 1, now() - interval '1 day' * n, now() - interval '1 day' * n, ''
              from generate_series(1, 1000) as n
              """)
          .update();

      // When
      space.send("hello");
      space.send(S3EventJson.created("Put", "stranger", "visits/a.jsonl", "abc", 1));
      jar.awaitUntil(() -> space.messages() == 0);

      // Then
      assertThat(
              space.text(
                  "select string_agg(what, ' ') from ingest.stray_message where kind = 'unreadable' and length(what) < 36"))
          .isEqualTo("young");
      assertThat(space.number("select count(*) from ingest.stray_message where kind = 'foreign'"))
          .isEqualTo(1_000);
      assertThat(
              space.number(
                  "select count(*) from ingest.stray_message where what in ('stranger', 'bucket1000')"))
          .isEqualTo(1);
    }
  }

  @Test
  void aQueueWithoutADeadLetterQueueIsToldAtStart() {
    String queue = space.environment().get("INGEST_QUEUE") + LocalStack.DEAD_LETTER_QUEUE;
    try (Jar jar = run(with(space.environment(), "INGEST_QUEUE", queue))) {
      assertThat(jar.log().lines().filter(line -> line.contains("WARN")))
          .singleElement()
          .asString()
          .contains(queue + " has no dead-letter queue (RedrivePolicy)");
    }
  }

  private Jar run() {
    return run(space.environment());
  }

  /** Once the first comparison is over, only messages tell of objects. */
  private Jar run(Map<String, String> environment) {
    Jar jar = Jar.start(folder, environment, "run");
    jar.awaitUntil(
        () -> jar.isReady() && space.number("select count(*) from ingest.reconciliation") == 2);
    return jar;
  }

  /** Puts an object of which nobody tells, and says how S3 would tell of it. */
  private String created(String how, String key) {
    byte[] visits = data.visits(VISITS).getBytes(UTF_8);
    String etag = space.put(key, visits);
    return S3EventJson.created(how, space.bucket(), key, etag, visits.length);
  }

  private String createdByEventBridge(String key) {
    byte[] visits = data.visits(VISITS).getBytes(UTF_8);
    String etag = space.put(key, visits);
    return S3EventJson.createdByEventBridge("PutObject", space.bucket(), key, etag, visits.length);
  }

  private long loaded() {
    return space.number("select count(*) from ingest.object where state = 'loaded'");
  }

  private long received(String kind) {
    return space.number(
        "select coalesce(sum(times), 0) from ingest.stray_message where kind = '%s'"
            .formatted(kind));
  }

  private String status() {
    return Jar.run(space.environment(), "status").succeeded().out();
  }

  private JsonNode statusAsJson() throws IOException {
    return new ObjectMapper()
        .readTree(Jar.run(space.environment(), "status", "--json").succeeded().out());
  }
}
