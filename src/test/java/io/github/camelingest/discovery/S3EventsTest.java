package io.github.camelingest.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelingest.ledger.S3Object;
import io.github.camelingest.ledger.Sighting;
import io.github.camelingest.load.ObjectsComponent;
import io.github.camelingest.load.Work;
import io.github.camelingest.local.S3EventJson;
import java.time.Instant;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3EventsTest {

  private static final String UNKNOWN = "not an S3 event notification: ";

  private final DefaultCamelContext context = new DefaultCamelContext();
  private final S3Events events = new S3Events(new Datasets(context), null, null, false);

  @BeforeEach
  void startARouteForVisits() throws Exception {
    context.addComponent(
        ObjectsComponent.SCHEME, new ObjectsComponent(null, null, null, Work.nothing()));
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("objects:visits?source=s3://bucket/visits/,s3://bucket//slash/")
                .routeId("visits")
                .stop();
            from("direct:other").routeId("other").stop();
          }
        });
    context.start();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ObjectCreated:Put",
        "ObjectCreated:Post",
        "ObjectCreated:Copy",
        "ObjectCreated:CompleteMultipartUpload",
        "s3:ObjectCreated:Put"
      })
  void readsWhatS3SaysWasCreated(String name) {
    String event = event(name, "bucket", "visits/a.jsonl");

    assertThat(sightings(event))
        .containsExactly(
            new Sighting(
                new S3Object("visits", "bucket", "visits/a.jsonl", "v1", "abc", 12),
                Instant.parse("2026-01-02T03:04:05.678Z"),
                true));
    assertThat(sightings(S3EventJson.bySns(event))).isEqualTo(sightings(event));
    assertThat(foreign(event)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PutObject", "POST Object", "CopyObject", "CompleteMultipartUpload"})
  void readsWhatEventBridgeSaysWasCreated(String reason) {
    String event = eventBridge("Object Created", "bucket", "visits/a.jsonl", reason);

    assertThat(sightings(event))
        .containsExactly(
            new Sighting(
                new S3Object("visits", "bucket", "visits/a.jsonl", "v1", "abc", 12),
                Instant.parse("2026-01-02T03:04:05Z"),
                true));
    assertThat(sightings(S3EventJson.bySns(event))).isEqualTo(sightings(event));
    assertThat(foreign(event)).isEmpty();
  }

  @Test
  void whatWasRestoredCanBeFetchedAndWasTakenByS3LongBefore() {
    Sighting restored =
        new Sighting(
            new S3Object("visits", "bucket", "visits/a.jsonl", "v1", "abc", 12), null, true);

    assertThat(sightings(event("ObjectRestore:Completed", "bucket", "visits/a.jsonl")))
        .containsExactly(restored);
    assertThat(
            sightings(
                eventBridge("Object Restore Completed", "bucket", "visits/a.jsonl", "restored")))
        .containsExactly(restored);
  }

  @Test
  void anEventNeedNotSayVersionSizeOrTime() {
    Sighting bare =
        new Sighting(new S3Object("visits", "bucket", "visits/a", "", "abc", 0), null, true);

    assertThat(
            sightings(
                """
                {"Records":[{"eventName":"ObjectCreated:Put",
                "s3":{"bucket":{"name":"bucket"},"object":{"key":"visits/a","eTag":"abc"}}}]}
                """))
        .containsExactly(bare);
    assertThat(
            sightings(
                """
                {"source":"aws.s3","detail-type":"Object Created",
                "detail":{"bucket":{"name":"bucket"},"object":{"key":"visits/a","etag":"abc"}}}
                """))
        .containsExactly(bare);
  }

  @ParameterizedTest
  @CsvSource({
    "visits/a+b.jsonl, visits/a b.jsonl",
    "visits/a%20b.jsonl, visits/a b.jsonl",
    "visits/a%2Bb.jsonl, visits/a+b.jsonl",
    "visits/100%25.jsonl, visits/100%.jsonl",
    "visits/%2525.jsonl, visits/%25.jsonl",
    "visits/%C3%BCber.jsonl, visits/über.jsonl",
    "visits/%24%7Bbody%7D.jsonl, visits/${body}.jsonl"
  })
  void decodesKeysOfS3AndTakesThoseOfEventBridgeAsTheyAre(String encoded, String key) {
    String event = event("ObjectCreated:Copy", "bucket", encoded);
    String eventBridge = eventBridge("Object Created", "bucket", encoded, "CopyObject");

    assertThat(keys(event)).containsExactly(key);
    assertThat(keys(S3EventJson.bySns(event))).containsExactly(key);
    assertThat(keys(eventBridge)).containsExactly(encoded);
    assertThat(keys(S3EventJson.bySns(eventBridge))).containsExactly(encoded);
  }

  private static List<String> oddKeys() {
    return List.of(
        "visits/ a  b ",
        "visits/a+b%2Bc%",
        "visits/ü😀\u0301\u200f",
        "visits/${body}{{ingest.bucket}}$simple{1}",
        "visits/../a/./..",
        "visits//",
        "/slash/a",
        "visits/\"'\\<>&;?#=*:|",
        "visits/line\nbreak\ttab\u0001\u007f",
        "visits/" + "x".repeat(1_017),
        "visits/" + "ü".repeat(508) + "x",
        "visits/{\"Records\":[]}");
  }

  @ParameterizedTest
  @MethodSource("oddKeys")
  void oddKeysArriveInEveryShape(String key) {
    String event = S3EventJson.created("Put", "bucket", key, "abc", 1);
    String eventBridge = S3EventJson.createdByEventBridge("PutObject", "bucket", key, "abc", 1);
    // The last slash makes a folder marker, which is nothing to load.
    List<String> expected = key.endsWith("/") ? List.of() : List.of(key);

    assertThat(keys(event)).isEqualTo(expected);
    assertThat(keys(S3EventJson.bySns(event))).isEqualTo(expected);
    assertThat(keys(eventBridge)).isEqualTo(expected);
    assertThat(keys(S3EventJson.bySns(eventBridge))).isEqualTo(expected);
  }

  @Test
  void aMessageMayHaveSeveralRecords() {
    String several =
        S3EventJson.together(
            S3EventJson.created("Put", "bucket", "visits/a", "abc", 1),
            S3EventJson.created("Put", "stranger", "visits/b", "abc", 1),
            S3EventJson.created("Put", "bucket", "visits/a", "abc", 1),
            S3EventJson.named(
                "ObjectRemoved:Delete", S3EventJson.created("Put", "bucket", "visits/c", "abc", 1)),
            S3EventJson.created("Copy", "bucket", "visits/d", "abc", 1));

    assertThat(keys(several)).containsExactly("visits/a", "visits/a", "visits/d");
    assertThat(foreign(several)).containsExactly("visits/b");
  }

  @ParameterizedTest
  @CsvSource({
    "ObjectCreated:Put, stranger, visits/a.jsonl",
    "ObjectRemoved:Delete, stranger, visits/a.jsonl",
    "ObjectCreated:Put, stranger, visits/folder/",
    "ObjectCreated:Put, bucket, nobody/a.jsonl",
    "ObjectCreated:Put, bucket, other/a.jsonl",
    "ObjectCreated:Put, bucket, visits"
  })
  void whatNobodyHereLoadsIsOfOthers(String name, String bucket, String key) {
    assertThat(sightings(event(name, bucket, key))).isEmpty();
    assertThat(foreign(event(name, bucket, key))).containsExactly(key);
  }

  @Test
  void whatNobodyHereLoadsIsOfOthersInEventBridgeToo() {
    String event = eventBridge("Object Created", "stranger", "visits/a.jsonl", "PutObject");

    assertThat(sightings(event)).isEmpty();
    assertThat(foreign(event)).containsExactly("visits/a.jsonl");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ObjectRemoved:Delete",
        "ObjectRemoved:DeleteMarkerCreated",
        "ObjectRestore:Post",
        "ObjectRestore:Delete",
        "LifecycleExpiration:Delete",
        "ObjectTagging:Put",
        "ReducedRedundancyLostObject",
        "SomethingNew:InFuture"
      })
  void whateverElseHappensToAnObjectIsDropped(String name) {
    assertThat(sightings(event(name, "bucket", "visits/a.jsonl"))).isEmpty();
    assertThat(foreign(event(name, "bucket", "visits/a.jsonl"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Records\":[]}",
        "{\"Records\":[{\"eventName\":\"Something:New\"}]}",
        "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"bucket\"}",
        "{\"source\":\"aws.s3\",\"detail-type\":\"AWS API Call via CloudTrail\",\"detail\":{\"x\":1}}",
        "{\"source\":\"aws.s3\",\"detail-type\":\"Object Deleted\",\"detail\":{\"bucket\":{\"name\":\"bucket\"},\"object\":{\"key\":\"visits/a\"}}}"
      })
  void nothingIsToBeDoneForTheRestThatS3Sends(String message) {
    assertThat(sightings(message)).isEmpty();
    assertThat(foreign(message)).isEmpty();
    assertThat(sightings(S3EventJson.bySns(message))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "null",
        "[]",
        "{}",
        "7",
        "{\"Records\":",
        "{\"Records\":null}",
        "{\"Records\":\"s3:TestEvent\"}",
        "{\"Records\":[null]}",
        "{\"Records\":[{}]}",
        "{\"Records\":[]} and more",
        "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"object\":{\"key\":\"%zz\"}}}]}",
        "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"eventTime\":\"yesterday\"}]}",
        "{\"a\":\"s3:TestEvent\"}",
        "{\"Type\":\"Notification\"}",
        "{\"Type\":\"Notification\",\"Message\":\"hello\"}",
        "{\"source\":\"aws.ec2\",\"detail-type\":\"Object Created\",\"detail\":{}}",
        "{\"source\":\"aws.s3\",\"detail-type\":\"Object Created\"}"
      })
  void anythingElseIsRefused(String message) {
    assertThatThrownBy(() -> Notification.parse(message))
        .isInstanceOf(UnreadableMessageException.class)
        .hasMessage(UNKNOWN + message);
    assertThatThrownBy(() -> Notification.parse(S3EventJson.bySns(message)))
        .isInstanceOf(UnreadableMessageException.class)
        .hasMessageStartingWith(UNKNOWN + "{\"Type\":\"Notification\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\"}]}",
        "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":{\"name\":\"bucket\"},\"object\":{\"key\":\"visits/a\"}}}]}",
        "{\"source\":\"aws.s3\",\"detail-type\":\"Object Created\",\"detail\":{\"bucket\":\"bucket\"}}"
      })
  void anEventHasToSayWhichObjectWasCreated(String message) {
    assertThatThrownBy(() -> Notification.parse(message))
        .isInstanceOf(UnreadableMessageException.class)
        .hasMessageStartingWith(
            "an S3 event notification that does not say which object was created: {");
  }

  @Test
  void anObjectThatS3CannotHaveIsRefused() {
    List.of(
            S3EventJson.createdByEventBridge("PutObject", "bucket", "visits/\0", "abc", 1),
            S3EventJson.createdByEventBridge("PutObject", "bucket", "visits/\ud83d", "abc", 1),
            S3EventJson.createdByEventBridge("PutObject", "bucket", "x".repeat(1_025), "abc", 1),
            S3EventJson.created("Put", "bucket", "visits/" + "ü".repeat(509), "abc", 1),
            S3EventJson.created("Put", "bucket", "visits/a", "a\r\nb", 1),
            S3EventJson.created("Put", "buc ket", "visits/a", "abc", 1),
            S3EventJson.created("Put", "bucket", "visits/a", "abc", -1))
        .forEach(
            message ->
                assertThatThrownBy(() -> Notification.parse(message))
                    .isInstanceOf(UnreadableMessageException.class)
                    .hasMessageStartingWith(
                        "an S3 event notification of an object that S3 cannot have: {"));
  }

  @Test
  void aSubscriptionThatWaitsIsToldAsWhatItIs() {
    assertThatThrownBy(
            () ->
                Notification.parse(
                    "{\"Type\":\"SubscriptionConfirmation\",\"Message\":\"You have chosen to subscribe\"}"))
        .isInstanceOf(UnreadableMessageException.class)
        .hasMessageStartingWith("a subscription to an SNS topic that nobody has confirmed");
  }

  @Test
  void whatALogGetsToSeeIsShortAndHarmless() {
    String body = "\u001b[31m\r\nerror\0\u202e\ud83d" + "x".repeat(1_000_000);

    assertThatThrownBy(() -> Notification.parse(body))
        .hasMessageStartingWith(UNKNOWN + "\uFFFD[31m error\uFFFD\uFFFD\uFFFDxxx")
        .hasMessageEndingWith("x…")
        .message()
        .hasSizeLessThan(300);
  }

  private List<Sighting> sightings(String message) {
    return events.sightings(Notification.parse(message));
  }

  private List<String> keys(String message) {
    return sightings(message).stream().map(seen -> seen.object().key()).toList();
  }

  /** Keys of the events that are of others. */
  private List<String> foreign(String message) {
    return Notification.parse(message).events().stream()
        .filter(events::isForeign)
        .map(S3Event::key)
        .toList();
  }

  private static String event(String name, String bucket, String key) {
    return """
        {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"us-east-1",
        "eventTime":"2026-01-02T03:04:05.678Z","eventName":"%s","userIdentity":{"principalId":"AWS:A"},
        "requestParameters":{"sourceIPAddress":"127.0.0.1"},
        "responseElements":{"x-amz-request-id":"C3","x-amz-id-2":"F/4"},
        "s3":{"s3SchemaVersion":"1.0","configurationId":"all",
        "bucket":{"name":"%s","ownerIdentity":{"principalId":"A3"},"arn":"arn:aws:s3:::%2$s"},
        "object":{"key":"%s","size":12,"eTag":"abc","versionId":"v1","sequencer":"0A"}},
        "glacierEventData":{"restoreEventData":{"lifecycleRestorationExpiryTime":"2026-02-02T03:04:05.678Z",
        "lifecycleRestoreStorageClass":"GLACIER"}}}]}
        """
        .formatted(name, bucket, key);
  }

  private static String eventBridge(String detailType, String bucket, String key, String reason) {
    return """
        {"version":"0","id":"17793124-05d4-b198-2fde-7ededc63b103","detail-type":"%s","source":"aws.s3",
        "account":"111122223333","time":"2026-01-02T03:04:05Z","region":"ca-central-1",
        "resources":["arn:aws:s3:::%s"],"detail":{"version":"0","bucket":{"name":"%2$s"},
        "object":{"key":"%s","size":12,"etag":"abc","version-id":"v1","sequencer":"617f08299329d189"},
        "request-id":"N4N7GDK58NMKJ12R","requester":"123456789012","source-ip-address":"1.2.3.4","reason":"%s"}}
        """
        .formatted(detailType, bucket, key, reason);
  }
}
