package io.github.camelingest.discovery;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.camelingest.discovery.S3Event.What;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.eventnotifications.s3.model.S3;
import software.amazon.awssdk.eventnotifications.s3.model.S3Bucket;
import software.amazon.awssdk.eventnotifications.s3.model.S3EventNotification;
import software.amazon.awssdk.eventnotifications.s3.model.S3EventNotificationRecord;
import software.amazon.awssdk.eventnotifications.s3.model.S3Object;

/**
 * A message of S3, in whichever shape it came: as S3 sends it, wrapped by SNS, or as an event of
 * EventBridge. (S3 User Guide, "Event message structure" and "EventBridge event message structure";
 * SNS Developer Guide, "Message formats")
 *
 * @param events what happened; none in the test event that S3 sends first
 */
record Notification(List<S3Event> events) {

  private static final String UNKNOWN = "not an S3 event notification";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** What tells the shapes from each other. */
  private record Envelope(
      @JsonProperty("Type") String type,
      @JsonProperty("Message") String message,
      @JsonProperty("Event") String event,
      @JsonProperty("source") String source,
      @JsonProperty("detail-type") String detailType,
      @JsonProperty("time") String time,
      @JsonProperty("detail") JsonNode detail) {}

  /**
   * @param body of a message of the queue
   * @throws UnreadableMessageException if S3 sends nothing like it
   */
  static Notification parse(String body) {
    List<S3Event> events;
    try {
      events = events(body);
    } catch (JsonProcessingException | RuntimeException e) {
      throw e instanceof UnreadableMessageException known
          ? known
          : new UnreadableMessageException(UNKNOWN, body, e);
    }
    events.stream()
        .map(S3Event::flaw)
        .flatMap(Optional::stream)
        .findFirst()
        .ifPresent(
            flaw -> {
              throw new UnreadableMessageException(flaw, body);
            });
    return new Notification(events);
  }

  private static List<S3Event> events(String body) throws JsonProcessingException {
    Envelope outer = envelope(body);
    if ("SubscriptionConfirmation".equals(outer.type())) {
      throw new UnreadableMessageException(
          "a subscription to an SNS topic that nobody has confirmed; visit the message's SubscribeURL",
          body);
    }
    boolean wrapped = "Notification".equals(outer.type()) && outer.message() != null;
    String json = wrapped ? outer.message() : body;
    Envelope inner = wrapped ? envelope(json) : outer;
    if ("s3:TestEvent".equals(inner.event())) {
      return List.of();
    }
    return inner.detailType() == null ? records(json) : List.of(eventOfEventBridge(inner));
  }

  private static Envelope envelope(String json) throws JsonProcessingException {
    return Objects.requireNonNull(JSON.readValue(json, Envelope.class));
  }

  private static List<S3Event> records(String json) {
    return S3EventNotification.fromJson(json).getRecords().stream()
        .map(Notification::event)
        .toList();
  }

  private static S3Event event(S3EventNotificationRecord said) {
    // Servers that are not Amazon's write the name as in the bucket's configuration.
    String name = said.getEventName().replaceFirst("^s3:", "");
    Optional<S3> s3 = Optional.ofNullable(said.getS3());
    Optional<S3Object> object = s3.map(S3::getObject);
    return new S3Event(
        what(name),
        s3.map(S3::getBucket).map(S3Bucket::getName).orElse(""),
        object.filter(o -> o.getKey() != null).map(S3Object::getUrlDecodedKey).orElse(""),
        object.map(S3Object::getVersionId).orElse(""),
        unquoted(object.map(S3Object::getETag).orElse("")),
        object.map(S3Object::getSizeAsLong).orElse(0L),
        said.getEventTime());
  }

  private static What what(String eventName) {
    if (eventName.startsWith("ObjectCreated:")) {
      return What.CREATED;
    }
    return eventName.equals("ObjectRestore:Completed") ? What.RESTORED : What.OTHER;
  }

  private static S3Event eventOfEventBridge(Envelope event) {
    if (!"aws.s3".equals(event.source()) || event.detail() == null) {
      throw new IllegalArgumentException("not of S3");
    }
    JsonNode object = event.detail().path("object");
    return new S3Event(
        switch (event.detailType()) {
          case "Object Created" -> What.CREATED;
          case "Object Restore Completed" -> What.RESTORED;
          default -> What.OTHER;
        },
        event.detail().path("bucket").path("name").asText(""),
        object.path("key").asText(""),
        object.path("version-id").asText(""),
        unquoted(object.path("etag").asText("")),
        object.path("size").asLong(),
        event.time() == null ? null : Instant.parse(event.time()));
  }

  /** Some servers put the quotes of the header into their events. */
  private static String unquoted(String etag) {
    return etag.replace("\"", "");
  }
}
