package io.github.camelingest.discovery;

import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.ledger.S3Object;
import io.github.camelingest.ledger.Sighting;
import io.github.camelingest.load.ObjectsEndpoint;
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
  private final Backlog backlog;

  public S3Events(Datasets datasets, Backlog backlog) {
    this.datasets = datasets;
    this.backlog = backlog;
  }

  /**
   * Enters the objects that a notification says were created into the ledger, and wakes their
   * datasets' routes. Once this returns, nobody needs the message any more.
   *
   * @param json the body of an SQS message
   * @throws IllegalArgumentException if it is no S3 event notification
   */
  public void enter(String json) {
    List<Sighting> sightings = objects(json);
    if (backlog.enter(sightings) > 0) {
      sightings.stream()
          .map(seen -> seen.object().dataset())
          .distinct()
          .forEach(dataset -> datasets.all().get(dataset).wake());
    }
  }

  /**
   * The objects that a notification says were created. Empty for test events, removals, and objects
   * of nobody here.
   *
   * @param json the body of an SQS message
   * @throws IllegalArgumentException if it is no S3 event notification
   */
  List<Sighting> objects(String json) {
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
    return created.stream().flatMap(event -> sighting(event).stream()).toList();
  }

  private static boolean isComplete(S3 event) {
    return event != null
        && event.getBucket() != null
        && event.getBucket().getName() != null
        && event.getObject() != null
        && event.getObject().getKey() != null
        && event.getObject().getETag() != null;
  }

  private Optional<Sighting> sighting(S3 event) {
    String bucket = event.getBucket().getName();
    String key = event.getObject().getUrlDecodedKey();
    Optional<ObjectsEndpoint> dataset = datasets.of(bucket, key);
    if (dataset.isEmpty()) {
      LOG.debug("nobody here loads s3://{}/{}", bucket, key);
    }
    return dataset.map(
        route ->
            new Sighting(
                new S3Object(
                    route.getDataset(),
                    bucket,
                    key,
                    Optional.ofNullable(event.getObject().getVersionId()).orElse(""),
                    event.getObject().getETag(),
                    Optional.ofNullable(event.getObject().getSizeAsLong()).orElse(0L)),
                null,
                true));
  }

  private static String shortened(String text) {
    return text.length() > 200 ? text.substring(0, 200) + "…" : text;
  }
}
