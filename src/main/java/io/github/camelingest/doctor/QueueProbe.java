package io.github.camelingest.doctor;

import static io.github.camelingest.doctor.Permission.SOON;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelingest.app.Clients;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;

/**
 * Whether the queue is there, what it does with messages, and whether they may be deleted. None is
 * received: each receipt counts for the dead-letter queue.
 */
final class QueueProbe implements Probe {

  private static final String SUBJECT = "queue";

  /** The route asks for it with each receipt. */
  private static final int VISIBILITY_SECONDS = 30;

  /** So many failures to reach the database may come one after the other. */
  private static final int FEWEST_RECEIPTS = 3;

  private final String queue;
  private volatile String arn;

  /**
   * @param queue its name or URL
   */
  QueueProbe(String queue) {
    this.queue = queue;
  }

  /** Its ARN, once that is known. */
  Optional<String> arn() {
    return Optional.ofNullable(arn);
  }

  @Override
  public void look(Consumer<Finding> out) {
    try (SqsClient sqs = Clients.sqs()) {
      look(sqs, out);
    } catch (QueueDoesNotExistException e) {
      out.accept(
          Finding.fault(SUBJECT, "'%s' does not exist; create it or change INGEST_QUEUE", queue));
    } catch (AwsServiceException e) {
      out.accept(
          e.statusCode() == Permission.FORBIDDEN
              ? Permission.denied(SUBJECT, "sqs:GetQueueUrl or sqs:GetQueueAttributes", queue)
              : Finding.fault(SUBJECT, "'%s': %s", queue, Permission.message(e)));
    } catch (SdkClientException e) {
      out.accept(
          Finding.fault(
              SUBJECT,
              "SQS cannot be reached: %s; check AWS_REGION and AWS_ENDPOINT_URL_SQS",
              e.getMessage()));
    }
  }

  private void look(SqsClient sqs, Consumer<Finding> out) {
    String name = queue.substring(queue.lastIndexOf('/') + 1);
    String found = sqs.getQueueUrl(r -> r.queueName(name).overrideConfiguration(SOON)).queueUrl();
    String url = queue.contains("/") ? queue : found;
    Map<QueueAttributeName, String> has =
        sqs.getQueueAttributes(
                r ->
                    r.queueUrl(url)
                        .attributeNames(QueueAttributeName.ALL)
                        .overrideConfiguration(SOON))
            .attributes();
    arn = has.get(QueueAttributeName.QUEUE_ARN);
    out.accept(
        Finding.ok(
            SUBJECT,
            "%s has about %s messages; its visibility timeout is %s s, and the application asks for %d s",
            url,
            has.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES),
            has.get(QueueAttributeName.VISIBILITY_TIMEOUT),
            VISIBILITY_SECONDS));
    out.accept(redrive(has.get(QueueAttributeName.REDRIVE_POLICY)));
    out.accept(deletion(sqs, url));
  }

  private static Finding redrive(String policy) {
    if (policy == null) {
      return Finding.warning(
          SUBJECT,
          "it has no dead-letter queue (RedrivePolicy): a message that nobody understands comes back until the queue's retention period is over; docs/discovery.md says how to set one up");
    }
    int receipts;
    try {
      receipts = new ObjectMapper().readTree(policy).path("maxReceiveCount").asInt();
    } catch (JsonProcessingException e) {
      return Finding.warning(SUBJECT, "its RedrivePolicy is not understood: %s", policy);
    }
    return receipts < FEWEST_RECEIPTS
        ? Finding.warning(
            SUBJECT,
            "a message goes to the dead-letter queue after %d receipts, so that a short outage of the database sends good ones there; 5 are enough",
            receipts)
        : Finding.ok(
            SUBJECT, "a message goes to the dead-letter queue after %d receipts", receipts);
  }

  private static Finding deletion(SqsClient sqs, String url) {
    try {
      sqs.deleteMessage(
          r -> r.queueUrl(url).receiptHandle("camel-ingest-doctor").overrideConfiguration(SOON));
    } catch (ReceiptHandleIsInvalidException e) {
      return Finding.ok(SUBJECT, "messages may be deleted");
    } catch (AwsServiceException e) {
      if (e.statusCode() == Permission.FORBIDDEN) {
        return Permission.denied(SUBJECT, "sqs:DeleteMessage", url);
      }
    }
    // What it thinks of the handle differs from server to server.
    return Finding.ok(SUBJECT, "messages may be deleted");
  }
}
