package io.github.camelingest.discovery;

import io.github.camelingest.discovery.S3Event.What;
import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.ledger.S3Object;
import io.github.camelingest.ledger.Sighting;
import io.github.camelingest.ledger.StrayMessages;
import io.github.camelingest.load.ObjectsEndpoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.apache.camel.component.aws2.sqs.Sqs2Constants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Enters what S3's messages tell of into the ledger. Thread-safe. */
public final class S3Events {

  private static final Logger LOG = LoggerFactory.getLogger(S3Events.class);

  private final Datasets datasets;
  private final Backlog backlog;
  private final StrayMessages strays;

  public S3Events(Datasets datasets, Backlog backlog, StrayMessages strays) {
    this.datasets = datasets;
    this.backlog = backlog;
    this.strays = strays;
  }

  /**
   * What a message was.
   *
   * @param understood whether S3 sends such messages
   * @param foreign how many of its events are of buckets or prefixes that nobody here loads
   */
  public record Outcome(boolean understood, int foreign) {}

  /**
   * Enters the objects that a message says were created or restored into the ledger, and wakes
   * their datasets' routes. Once this returns, nobody here needs a message any more that was
   * understood. What was not, and events of others, are noted in the ledger.
   *
   * @param body of the SQS message
   * @param id of the SQS message, for people who look for it
   * @param received how often the queue has handed it out
   */
  public Outcome enter(
      @Body String body,
      @Header(Sqs2Constants.MESSAGE_ID) String id,
      @Header("ApproximateReceiveCount") String received) {
    Notification notification;
    try {
      notification = Notification.parse(body);
    } catch (UnreadableMessageException e) {
      LOG.warn(
          "message {} stays in the queue, received {} times so far: {}",
          id,
          received,
          e.getMessage());
      strays.noteUnreadable(id, e.getMessage());
      return new Outcome(false, 0);
    }
    enter(sightings(notification));
    return new Outcome(true, noteForeign(notification));
  }

  private void enter(List<Sighting> sightings) {
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

  private int noteForeign(Notification notification) {
    Map<String, List<S3Event>> foreign =
        notification.events().stream()
            .filter(event -> isForeign(event))
            .collect(Collectors.groupingBy(S3Event::bucket, TreeMap::new, Collectors.toList()));
    foreign.forEach(
        (bucket, events) ->
            strays.noteForeign(
                Excerpt.of(bucket),
                events.size(),
                Excerpt.of("s3://" + bucket + "/" + events.get(0).key())));
    return foreign.values().stream().mapToInt(List::size).sum();
  }

  /** Whatever happened to an object of others may matter to them. */
  boolean isForeign(S3Event event) {
    return !event.bucket().isEmpty() && !datasets.hold(event.bucket(), event.key());
  }
}
