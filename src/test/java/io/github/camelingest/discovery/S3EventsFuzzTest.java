package io.github.camelingest.discovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelingest.ledger.S3Object;
import io.github.camelingest.ledger.Sighting;
import io.github.camelingest.load.ObjectsComponent;
import io.github.camelingest.load.Work;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.eventnotifications.s3.model.S3EventNotification;
import software.amazon.awssdk.eventnotifications.s3.model.S3EventNotificationRecord;

/**
 * Whatever a message has, it names objects of the bucket that a dataset loads, or is refused with a
 * message that fits into a log.
 */
class S3EventsFuzzTest {

  private static final int LONGEST_MESSAGE = 350;
  private static final int LONGEST_KEY = 1_024;
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final DefaultCamelContext CAMEL = new DefaultCamelContext();
  private static final S3Events EVENTS = new S3Events(new Datasets(CAMEL), null, null, false);

  @BeforeAll
  static void startARouteForVisits() throws Exception {
    CAMEL.addComponent(
        ObjectsComponent.SCHEME, new ObjectsComponent(null, null, null, Work.nothing()));
    CAMEL.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("objects:visits?source=s3://bucket/visits/").routeId("visits").stop();
          }
        });
    CAMEL.start();
  }

  @AfterAll
  static void stop() {
    CAMEL.stop();
  }

  @FuzzTest
  void namesObjectsOfTheBucketOrRefuses(byte[] message) {
    String json = new String(message, UTF_8);
    List<S3Object> objects;
    try {
      objects = EVENTS.sightings(Notification.parse(json)).stream().map(Sighting::object).toList();
    } catch (UnreadableMessageException e) {
      assertThat(e.getMessage())
          .isNotBlank()
          .hasSizeLessThan(LONGEST_MESSAGE)
          .doesNotContainPattern("\\p{Cntrl}");
      return;
    }
    if (!objects.isEmpty()) {
      assertThat(keysIn("bucket", json)).containsAll(keysOf(objects));
    }
    for (S3Object object : objects) {
      assertThat(object.dataset()).isEqualTo("visits");
      assertThat(object.bucket()).isEqualTo("bucket");
      assertThat(object.key()).startsWith("visits/").doesNotEndWith("/");
      assertThat(object.key().getBytes(UTF_8))
          .hasSizeLessThanOrEqualTo(LONGEST_KEY)
          .doesNotContain(0);
      assertThat(object.versionId()).isNotNull();
      assertThat(object.etag()).matches("[!-~]+").doesNotContain("\"");
      assertThat(object.size()).isNotNegative();
    }
  }

  private static List<String> keysOf(List<S3Object> objects) {
    return objects.stream().map(S3Object::key).toList();
  }

  /** Keys that were created or restored, in whichever shape the message tells it. */
  private static List<String> keysIn(String bucket, String json) {
    JsonNode message = tree(json);
    if (message.path("Type").asText().equals("Notification")) {
      return keysIn(bucket, message.get("Message").asText());
    }
    if (message.has("detail-type")) {
      assertThat(message.path("source").asText()).isEqualTo("aws.s3");
      assertThat(message.path("detail-type").asText())
          .isIn("Object Created", "Object Restore Completed");
      JsonNode detail = message.get("detail");
      assertThat(detail.at("/bucket/name").asText()).isEqualTo(bucket);
      return List.of(detail.at("/object/key").asText());
    }
    return S3EventNotification.fromJson(json).getRecords().stream()
        .filter(r -> r.getEventName().matches("(s3:)?(ObjectCreated:.*|ObjectRestore:Completed)"))
        .map(S3EventNotificationRecord::getS3)
        .filter(s3 -> bucket.equals(s3.getBucket().getName()))
        .map(s3 -> s3.getObject().getUrlDecodedKey())
        .toList();
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("taken for a notification: " + json, e);
    }
  }
}
