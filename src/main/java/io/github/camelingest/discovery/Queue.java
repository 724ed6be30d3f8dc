package io.github.camelingest.discovery;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.camel.Body;
import org.apache.camel.Message;
import org.apache.camel.component.aws2.sqs.Sqs2Constants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;

/** The queue that S3 tells of objects. Thread-safe. */
public final class Queue {

  private static final Logger LOG = LoggerFactory.getLogger(Queue.class);

  private final SqsClient sqs;
  private final String url;

  public Queue(SqsClient sqs, String url) {
    this.sqs = sqs;
    this.url = url;
  }

  /**
   * Deletes messages in one request. Those that cannot be deleted come again, which does no harm.
   *
   * @param messages at most 10
   */
  public void delete(@Body List<Message> messages) {
    if (messages.isEmpty()) {
      return;
    }
    List<DeleteMessageBatchRequestEntry> entries =
        IntStream.range(0, messages.size())
            .mapToObj(
                n ->
                    DeleteMessageBatchRequestEntry.builder()
                        .id(Integer.toString(n))
                        .receiptHandle(
                            messages.get(n).getHeader(Sqs2Constants.RECEIPT_HANDLE, String.class))
                        .build())
            .toList();
    try {
      for (BatchResultErrorEntry failed :
          sqs.deleteMessageBatch(r -> r.queueUrl(url).entries(entries)).failed()) {
        LOG.debug("a message is not deleted, and comes again: {}", failed.message());
      }
    } catch (SdkException e) {
      LOG.warn("{} messages are not deleted, and come again: {}", messages.size(), e.getMessage());
    }
  }
}
