package io.github.camelingest.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelingest.ledger.S3Object;
import io.github.camelingest.ledger.Sighting;
import io.github.camelingest.load.ObjectsComponent;
import java.util.Optional;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3EventsTest {

  private final DefaultCamelContext context = new DefaultCamelContext();
  private final S3Events events = new S3Events(new Datasets(context), null);

  @BeforeEach
  void startARouteForVisits() throws Exception {
    context.addComponent(
        ObjectsComponent.SCHEME,
        new ObjectsComponent(null, null, null, dataset -> false, Optional.empty()));
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("objects:visits?source=s3://bucket/visits/").routeId("visits").stop();
            from("direct:other").routeId("other").stop();
          }
        });
    context.start();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void readsWhatWasCreated() {
    assertThat(events.objects(event("ObjectCreated:Put", "bucket", "visits/a.jsonl")))
        .containsExactly(
            new Sighting(
                new S3Object("visits", "bucket", "visits/a.jsonl", "", "abc", 12), null, true));
  }

  @ParameterizedTest
  @CsvSource({
    "visits/a+b.jsonl, visits/a b.jsonl",
    "visits/a%2Bb.jsonl, visits/a+b.jsonl",
    "visits/100%25.jsonl, visits/100%.jsonl",
    "visits/%C3%BCber.jsonl, visits/über.jsonl",
    "visits/%24%7Bbody%7D.jsonl, visits/${body}.jsonl"
  })
  void decodesKeys(String encoded, String key) {
    assertThat(events.objects(event("ObjectCreated:Copy", "bucket", encoded)))
        .extracting(seen -> seen.object().key())
        .containsExactly(key);
  }

  @ParameterizedTest
  @CsvSource({
    "ObjectRemoved:Delete, bucket, visits/a.jsonl",
    "ObjectCreated:Put, stranger, visits/a.jsonl",
    "ObjectCreated:Put, bucket, nobody/a.jsonl",
    "ObjectCreated:Put, bucket, other/a.jsonl",
    "ObjectCreated:Put, bucket, visits",
    "ObjectCreated:Put, bucket, visits/folder/"
  })
  void leavesOutWhatNobodyHereLoads(String name, String bucket, String key) {
    assertThat(events.objects(event(name, bucket, key))).isEmpty();
  }

  @Test
  void aTestEventNamesNoObject() {
    assertThat(
            events.objects(
                "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"bucket\"}"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello", "[]", "{}", "{\"Records\":", "{\"a\":1}"})
  void anythingElseIsRefused(String message) {
    assertThatThrownBy(() -> events.objects(message))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not an S3 event notification");
  }

  private static String event(String name, String bucket, String key) {
    return """
        {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"us-east-1",
        "eventTime":"2026-01-02T03:04:05.678Z","eventName":"%s","s3":{"s3SchemaVersion":"1.0",
        "bucket":{"name":"%s"},"object":{"key":"%s","size":12,"eTag":"abc","sequencer":"0A"}}}]}
        """
        .formatted(name, bucket, key);
  }
}
