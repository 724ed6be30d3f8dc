package io.github.camelingest.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** The JSON of S3 event notifications, version 2.1, as Amazon documents it. Thread-safe. */
public final class S3EventJson {

  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** Orders the events of one key. */
  private static final AtomicLong SEQUENCE = new AtomicLong(System.currentTimeMillis() << 16);

  private S3EventJson() {}

  /** What a queue hears when it is connected to a bucket. */
  static String test(String bucket) {
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
   * @param how Put, Copy or CompleteMultipartUpload
   */
  public static String created(String how, String bucket, String key, String etag, long size) {
    return created(how, bucket, key, etag, size, "");
  }

  /**
   * What a queue hears of a new version of an object.
   *
   * @param how Put, Copy or CompleteMultipartUpload
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
            .put("eTag", etag.replace("\"", ""));
    if (!versionId.isEmpty()) {
      object.put("versionId", versionId);
    }
    object.put("sequencer", Long.toHexString(SEQUENCE.incrementAndGet()).toUpperCase(Locale.ROOT));
    return event.toString();
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
