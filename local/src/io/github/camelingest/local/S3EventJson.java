package io.github.camelingest.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The JSON in which S3 tells of objects, as Amazon documents it: S3 event notifications, version
 * 2.1, what SNS makes of them, and events of EventBridge. Thread-safe.
 */
public final class S3EventJson {

  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Orders the events of one key. */
  private static final AtomicLong SEQUENCE = new AtomicLong(System.currentTimeMillis() << 16);

  private S3EventJson() {}

  /** What a queue hears when it is connected to a bucket. */
  public static String test(String bucket) {
    return object()
        .put("Service", "Amazon S3")
        .put("Event", "s3:TestEvent")
        .put("Time", MILLIS.format(Instant.now()))
        .put("Bucket", bucket)
        .put("RequestId", "local")
        .put("HostId", "local")
        .toString();
  }

  /**
   * What a queue hears of a new object.
   *
   * @param how Put, Post, Copy or CompleteMultipartUpload
   */
  public static String created(String how, String bucket, String key, String etag, long size) {
    return created(how, bucket, key, etag, size, "");
  }

  /**
   * What a queue hears of a new version of an object.
   *
   * @param how Put, Post, Copy or CompleteMultipartUpload
   * @param versionId empty where the bucket keeps no versions
   */
  public static String created(
      String how, String bucket, String key, String etag, long size, String versionId) {
    ObjectNode event = object();
    ObjectNode eventRecord = event.putArray("Records").addObject();
    eventRecord
        .put("eventVersion", "2.1")
        .put("eventSource", "aws:s3")
        .put("awsRegion", "us-east-1")
        .put("eventTime", MILLIS.format(Instant.now()))
        .put("eventName", "ObjectCreated:" + how);
    ObjectNode s3 = eventRecord.putObject("s3");
    s3.put("s3SchemaVersion", "1.0").put("configurationId", "local");
    s3.putObject("bucket").put("name", bucket).put("arn", "arn:aws:s3:::" + bucket);
    ObjectNode object =
        s3.putObject("object")
            .put("key", URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/"))
            .put("size", size)
            .put("eTag", etag.replace("\"", ""))
            .put("sequencer", sequencer());
    if (!versionId.isEmpty()) {
      object.put("versionId", versionId);
    }
    return event.toString();
  }

  /** One message with the records of several. */
  public static String together(String... events) {
    ObjectNode all = object();
    ArrayNode records = all.putArray("Records");
    for (String event : events) {
      records.addAll((ArrayNode) tree(event).get("Records"));
    }
    return all.toString();
  }

  /**
   * The same event of another kind.
   *
   * @param name such as ObjectRemoved:Delete
   */
  public static String named(String name, String event) {
    ObjectNode all = tree(event);
    all.get("Records").forEach(one -> ((ObjectNode) one).put("eventName", name));
    return all.toString();
  }

  /** What a queue hears of a message that went to an SNS topic, without raw message delivery. */
  public static String bySns(String message) {
    String topic = "arn:aws:sns:us-east-1:000000000000:local";
    return object()
        .put("Type", "Notification")
        .put("MessageId", UUID.randomUUID().toString())
        .put("TopicArn", topic)
        .put("Subject", "Amazon S3 Notification")
        .put("Message", message)
        .put("Timestamp", MILLIS.format(Instant.now()))
        .put("SignatureVersion", "1")
        .put("Signature", "local")
        .put("SigningCertURL", "https://sns.us-east-1.amazonaws.com/local.pem")
        .put(
            "UnsubscribeURL",
            "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=" + topic)
        .toString();
  }

  /**
   * What EventBridge tells of a new object.
   *
   * @param reason PutObject, POST Object, CopyObject or CompleteMultipartUpload
   */
  public static String createdByEventBridge(
      String reason, String bucket, String key, String etag, long size) {
    ObjectNode event =
        object()
            .put("version", "0")
            .put("id", UUID.randomUUID().toString())
            .put("detail-type", "Object Created")
            .put("source", "aws.s3")
            .put("account", "000000000000")
            .put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
            .put("region", "us-east-1");
    event.putArray("resources").add("arn:aws:s3:::" + bucket);
    ObjectNode detail = event.putObject("detail").put("version", "0");
    detail.putObject("bucket").put("name", bucket);
    detail
        .putObject("object")
        .put("key", key)
        .put("size", size)
        .put("etag", etag.replace("\"", ""))
        .put("sequencer", sequencer());
    detail
        .put("request-id", "local")
        .put("requester", "000000000000")
        .put("source-ip-address", "127.0.0.1")
        .put("reason", reason);
    return event.toString();
  }

  private static ObjectNode tree(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  private static String sequencer() {
    return Long.toHexString(SEQUENCE.incrementAndGet()).toUpperCase(Locale.ROOT);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
