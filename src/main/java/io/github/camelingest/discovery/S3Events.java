package io.github.camelingest.discovery;

import io.github.camelingest.ledger.S3Object;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.eventnotifications.s3.model.S3;
import software.amazon.awssdk.eventnotifications.s3.model.S3EventNotification;
import software.amazon.awssdk.eventnotifications.s3.model.S3EventNotificationRecord;

/** Reads S3 event notifications. Thread-safe. */
public final class S3Events {

  private static final Logger LOG = LoggerFactory.getLogger(S3Events.class);

  private final Datasets datasets;
  private final String bucket;

  /**
   * @param bucket events of other buckets are left out
   */
  public S3Events(Datasets datasets, String bucket) {
    this.datasets = datasets;
    this.bucket = bucket;
  }

  /**
   * The objects that a notification says were created. Empty for test events, removals, and objects
   * of nobody here.
   *
   * @param json the body of an SQS message
   * @throws IllegalArgumentException if it is no S3 event notification
   */
  public List<S3Object> objects(String json) {
    List<S3EventNotificationRecord> records;
    try {
      records = S3EventNotification.fromJson(json).getRecords();
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("not an S3 event notification: " + shortened(json), e);
    }
    if (records == null && !json.contains("s3:TestEvent")) {
      throw new IllegalArgumentException("not an S3 event notification: " + shortened(json));
    }
    List<S3> created =
        Stream.ofNullable(records)
            .flatMap(List::stream)
            .filter(r -> r.getEventName() != null && r.getEventName().startsWith("ObjectCreated:"))
            .map(S3EventNotificationRecord::getS3)
            .toList();
    if (!created.stream().allMatch(S3Events::isComplete)) {
      throw new IllegalArgumentException(
          "an S3 event notification that does not say which object was created: "
              + shortened(json));
    }
    return created.stream().flatMap(event -> object(event).stream()).toList();
  }

  private static boolean isComplete(S3 event) {
    return event != null
        && event.getBucket() != null
        && event.getBucket().getName() != null
        && event.getObject() != null
        && event.getObject().getKey() != null
        && event.getObject().getETag() != null;
  }

  private Optional<S3Object> object(S3 event) {
    String key = event.getObject().getUrlDecodedKey();
    Optional<String> dataset =
        event.getBucket().getName().equals(bucket) ? datasets.of(key) : Optional.empty();
    if (dataset.isEmpty()) {
      LOG.debug("nobody here loads s3://{}/{}", event.getBucket().getName(), key);
    }
    return dataset.map(
        name ->
            new S3Object(
                name,
                bucket,
                key,
                Optional.ofNullable(event.getObject().getVersionId()).orElse(""),
                event.getObject().getETag(),
                Optional.ofNullable(event.getObject().getSizeAsLong()).orElse(0L)));
  }

  private static String shortened(String text) {
    return text.length() > 200 ? text.substring(0, 200) + "…" : text;
  }
}
