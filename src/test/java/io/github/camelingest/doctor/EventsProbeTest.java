package io.github.camelingest.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelingest.doctor.Finding.Verdict;
import io.github.camelingest.load.S3Prefix;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.Event;
import software.amazon.awssdk.services.s3.model.FilterRule;
import software.amazon.awssdk.services.s3.model.FilterRuleName;
import software.amazon.awssdk.services.s3.model.GetBucketNotificationConfigurationResponse;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;

class EventsProbeTest {

  private static final String QUEUE = "arn:aws:sqs:eu-central-1:111122223333:my-queue";
  private static final List<S3Prefix> PLACES =
      List.of(new S3Prefix("my-bucket", "visits/"), new S3Prefix("my-bucket", "network/"));

  @Test
  void aBucketThatTellsTheQueueOfAllIsFine() {
    assertThat(judge(queue(QUEUE, Event.S3_OBJECT_CREATED, "")).verdict()).isEqualTo(Verdict.OK);
  }

  @Test
  void placesOfWhichTheQueueDoesNotHearAreNamed() {
    Finding finding = judge(queue(QUEUE, Event.S3_OBJECT_CREATED_PUT, "visits/"));

    assertThat(finding.verdict()).isEqualTo(Verdict.WARNING);
    assertThat(finding.what()).contains("of new objects in s3://my-bucket/network/,");
  }

  @Test
  void anotherQueueAndOtherEventsDoNotCount() {
    assertThat(judge(queue(QUEUE + "2", Event.S3_OBJECT_CREATED, "")).verdict())
        .isEqualTo(Verdict.WARNING);
    assertThat(judge(queue(QUEUE, Event.S3_OBJECT_REMOVED, "")).verdict())
        .isEqualTo(Verdict.WARNING);
  }

  @Test
  void whatGoesByEventBridgeIsNotKnownToArrive() {
    Finding finding =
        judge(
            GetBucketNotificationConfigurationResponse.builder()
                .eventBridgeConfiguration(all -> {})
                .build());

    assertThat(finding.verdict()).isEqualTo(Verdict.OK);
    assertThat(finding.what()).contains("tells EventBridge of new objects; whether the queue");
  }

  private static GetBucketNotificationConfigurationResponse queue(
      String arn, Event event, String prefix) {
    FilterRule rule = FilterRule.builder().name(FilterRuleName.PREFIX).value(prefix).build();
    return GetBucketNotificationConfigurationResponse.builder()
        .queueConfigurations(
            QueueConfiguration.builder()
                .queueArn(arn)
                .events(event)
                .filter(f -> f.key(k -> k.filterRules(rule)))
                .build())
        .build();
  }

  private static Finding judge(GetBucketNotificationConfigurationResponse told) {
    return EventsProbe.judge("my-bucket", PLACES, QUEUE, told);
  }
}
