package io.github.camelingest.doctor;

import io.github.camelingest.load.ObjectsEndpoint;
import io.github.camelingest.load.S3Prefix;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Event;
import software.amazon.awssdk.services.s3.model.FilterRule;
import software.amazon.awssdk.services.s3.model.FilterRuleName;
import software.amazon.awssdk.services.s3.model.GetBucketNotificationConfigurationResponse;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Whether buckets tell the queue of new objects. */
final class EventsProbe implements Probe {

  private static final String SUBJECT = "events";

  private final Collection<ObjectsEndpoint> datasets;
  private final String queueArn;

  EventsProbe(Collection<ObjectsEndpoint> datasets, String queueArn) {
    this.datasets = datasets;
    this.queueArn = queueArn;
  }

  @Override
  public void look(Consumer<Finding> out) {
    Map<String, ObjectsEndpoint> buckets = new TreeMap<>();
    datasets.forEach(d -> d.source().forEach(place -> buckets.putIfAbsent(place.bucket(), d)));
    buckets.forEach((bucket, dataset) -> out.accept(look(bucket, dataset.s3())));
  }

  private Finding look(String bucket, S3Client s3) {
    try {
      List<S3Prefix> places =
          datasets.stream()
              .flatMap(dataset -> dataset.source().stream())
              .filter(place -> place.bucket().equals(bucket))
              .toList();
      return judge(
          bucket,
          places,
          queueArn,
          s3.getBucketNotificationConfiguration(
              r -> r.bucket(bucket).overrideConfiguration(Permission.SOON)));
    } catch (S3Exception e) {
      return Finding.warning(
          SUBJECT,
          "whether bucket '%s' tells the queue of new objects is not known: %s",
          bucket,
          e.statusCode() == Permission.FORBIDDEN
              ? "s3:GetBucketNotification is denied; allow it, or see in camel-ingest status whether a new object is loaded at once"
              : Permission.message(e));
    } catch (SdkClientException e) {
      return Finding.warning(
          SUBJECT,
          "whether bucket '%s' tells the queue of new objects is not known: %s",
          bucket,
          e.getMessage());
    }
  }

  /**
   * @param places where the bucket's datasets are
   */
  static Finding judge(
      String bucket,
      List<S3Prefix> places,
      String queueArn,
      GetBucketNotificationConfigurationResponse told) {
    List<S3Prefix> silent =
        places.stream()
            .filter(
                place ->
                    told.queueConfigurations().stream()
                        .noneMatch(configuration -> tells(configuration, queueArn, place)))
            .toList();
    if (silent.isEmpty()) {
      return Finding.ok(SUBJECT, "bucket '%s' tells the queue of new objects", bucket);
    }
    if (told.hasTopicConfigurations() || told.eventBridgeConfiguration() != null) {
      return Finding.ok(
          SUBJECT,
          "bucket '%s' tells %s of new objects; whether the queue hears it from there is not known",
          bucket,
          told.eventBridgeConfiguration() == null ? "SNS" : "EventBridge");
    }
    return Finding.warning(
        SUBJECT,
        "bucket '%s' tells nobody of new objects in %s, so that they wait for the next comparison (ingest.reconcile-interval); docs/discovery.md says how to set that up",
        bucket,
        silent.stream().map(S3Prefix::toString).collect(Collectors.joining(", ")));
  }

  private static boolean tells(QueueConfiguration configuration, String queueArn, S3Prefix place) {
    boolean created =
        configuration.events().stream()
            .map(Event::toString)
            .anyMatch(event -> event.startsWith("s3:ObjectCreated"));
    return created && configuration.queueArn().equals(queueArn) && covers(configuration, place);
  }

  private static boolean covers(QueueConfiguration configuration, S3Prefix place) {
    if (configuration.filter() == null || configuration.filter().key() == null) {
      return true;
    }
    return configuration.filter().key().filterRules().stream()
        .filter(rule -> rule.name() == FilterRuleName.PREFIX)
        .map(FilterRule::value)
        .allMatch(place.prefix()::startsWith);
  }
}
