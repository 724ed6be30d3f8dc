package io.github.camelingest.discovery;

import io.github.camelingest.discovery.S3Event.What;
import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.ledger.S3Object;
import io.github.camelingest.ledger.Sighting;
import io.github.camelingest.ledger.StrayMessages;
import io.github.camelingest.load.ObjectsEndpoint;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Message;
import org.apache.camel.component.aws2.sqs.Sqs2Constants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Enters what S3's messages tell of into the ledger. Thread-safe. */
public final class S3Events {

  private static final Logger LOG = LoggerFactory.getLogger(S3Events.class);

  private final Datasets datasets;
  private final Backlog backlog;
  private final StrayMessages strays;
  private final boolean leaveForeign;

  /**
   * @param leaveForeign whether messages with events of buckets or prefixes that nobody here loads
   *     stay in the queue
   */
  public S3Events(Datasets datasets, Backlog backlog, StrayMessages strays, boolean leaveForeign) {
    this.datasets = datasets;
    this.backlog = backlog;
    this.strays = strays;
    this.leaveForeign = leaveForeign;
  }

  /**
   * Enters the objects that messages say were created or restored into the ledger, all in one
   * transaction, and wakes their datasets' routes. What is not understood, and events of others,
   * are noted in the ledger.
   *
   * @param messages of SQS
   * @return those that nobody here needs any more, to be deleted
   */
  public List<Message> enter(@Body List<Message> messages) {
    Map<Message, Notification> understood = new LinkedHashMap<>();
    messages.forEach(
        message -> parse(message).ifPresent(parsed -> understood.put(message, parsed)));
    enterSeen(understood.values().stream().flatMap(parsed -> sightings(parsed).stream()).toList());
    noteForeign(understood.values());
    return understood.entrySet().stream()
        .filter(entry -> !leaveForeign || !hasForeign(entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private Optional<Notification> parse(Message message) {
    try {
      return Optional.of(Notification.parse(message.getBody(String.class)));
    } catch (UnreadableMessageException e) {
      String id = message.getHeader(Sqs2Constants.MESSAGE_ID, String.class);
      LOG.warn(
          "message {} stays in the queue, received {} times so far: {}",
          id,
          message.getHeader("ApproximateReceiveCount"),
          e.getMessage());
      strays.noteUnreadable(id, e.getMessage());
      return Optional.empty();
    }
  }

  private void enterSeen(List<Sighting> sightings) {
    if (backlog.enter(sightings) > 0) {
      sightings.stream()
          .map(seen -> seen.object().dataset())
          .distinct()
          .forEach(dataset -> datasets.all().get(dataset).wake());
    }
  }

  /** The objects of datasets here that can be fetched since. */
  List<Sighting> sightings(Notification notification) {
    return notification.events().stream()
        .filter(event -> event.what() != What.OTHER)
        .flatMap(event -> sighting(event).stream())
        .toList();
  }

  private Optional<Sighting> sighting(S3Event event) {
    Optional<ObjectsEndpoint> dataset = datasets.of(event.bucket(), event.key());
    return dataset.map(
        route ->
            new Sighting(
                new S3Object(
                    route.getDataset(),
                    event.bucket(),
                    event.key(),
                    event.versionId(),
                    event.etag(),
                    event.size()),
                // S3 took an object that is restored now long before.
                event.what() == What.CREATED ? event.time() : null,
                true));
  }

  private void noteForeign(Collection<Notification> notifications) {
    Map<String, List<S3Event>> foreign =
        notifications.stream()
            .flatMap(notification -> notification.events().stream())
            .filter(this::isForeign)
            .collect(Collectors.groupingBy(S3Event::bucket, TreeMap::new, Collectors.toList()));
    foreign.forEach(
        (bucket, events) ->
            strays.noteForeign(
                Excerpt.of(bucket),
                events.size(),
                Excerpt.of("s3://" + bucket + "/" + events.get(0).key())));
  }

  private boolean hasForeign(Notification notification) {
    return notification.events().stream().anyMatch(this::isForeign);
  }

  /** Whatever happened to an object of others may matter to them. */
  boolean isForeign(S3Event event) {
    return !event.bucket().isEmpty() && !datasets.hold(event.bucket(), event.key());
  }
}
