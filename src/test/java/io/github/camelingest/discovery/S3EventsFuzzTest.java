package io.github.camelingest.discovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.camelingest.ledger.S3Object;
import io.github.camelingest.ledger.Sighting;
import io.github.camelingest.load.ObjectsComponent;
import java.util.List;
import java.util.Optional;
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

  private static final int LONGEST_MESSAGE = 300;

  private static final DefaultCamelContext CAMEL = new DefaultCamelContext();
  private static final S3Events EVENTS = new S3Events(new Datasets(CAMEL), null);

  @BeforeAll
  static void startARouteForVisits() throws Exception {
    CAMEL.addComponent(
        ObjectsComponent.SCHEME,
        new ObjectsComponent(null, null, null, dataset -> false, Optional.empty()));
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
      objects = EVENTS.objects(json).stream().map(Sighting::object).toList();
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(LONGEST_MESSAGE);
      return;
    }
    if (!objects.isEmpty()) {
      assertThat(keysCreatedIn("bucket", json)).containsAll(keysOf(objects));
    }
    for (S3Object object : objects) {
      assertThat(object.dataset()).isEqualTo("visits");
      assertThat(object.bucket()).isEqualTo("bucket");
      assertThat(object.key()).startsWith("visits/").doesNotEndWith("/");
      assertThat(object.versionId()).isNotNull();
      assertThat(object.etag()).isNotNull();
      assertThat(object.size()).isNotNegative();
    }
  }

  private static List<String> keysOf(List<S3Object> objects) {
    return objects.stream().map(S3Object::key).toList();
  }

  private static List<String> keysCreatedIn(String bucket, String json) {
    return S3EventNotification.fromJson(json).getRecords().stream()
        .filter(r -> r.getEventName() != null && r.getEventName().startsWith("ObjectCreated:"))
        .map(S3EventNotificationRecord::getS3)
        .filter(s3 -> bucket.equals(s3.getBucket().getName()))
        .map(s3 -> s3.getObject().getUrlDecodedKey())
        .toList();
  }
}
