package io.github.camelingest.load;

import io.github.camelingest.ledger.AfterLoad;
import io.github.camelingest.ledger.Overwriting;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A dataset, as its route describes it: {@code from: objects:visits}, with what its parameters say.
 * Each object that waits in the ledger is one exchange, the oldest first, whose body is its {@link
 * Load}. Thread-safe once configured.
 */
public final class ObjectsEndpoint extends DefaultEndpoint {

  private final ObjectsComponent component;
  private final String dataset;
  private List<S3Prefix> source;
  private String role = "";
  private boolean requesterPays;
  private Overwriting overwritten = Overwriting.REPLACE;
  private RejectionLimit maxRejected = RejectionLimit.of(null);
  private int maxInFlight = 4;
  private AfterLoad.Action afterLoad = AfterLoad.Action.KEEP;
  private String moveTo = "loaded/";
  private ObjectsConsumer consumer;

  ObjectsEndpoint(String uri, ObjectsComponent component, String dataset) {
    super(uri, component);
    this.component = component;
    this.dataset = dataset;
  }

  /** Name of the dataset. */
  public String getDataset() {
    return dataset;
  }

  /** Where its objects are. */
  public List<S3Prefix> source() {
    return source;
  }

  /**
   * @param locations where its objects are: {@code s3://bucket/prefix}, several with commas
   */
  public void setSource(String locations) {
    source = S3Prefix.parse(locations);
  }

  /**
   * @param role ARN of a role in which S3 is asked for the objects; empty: the application's own
   *     credentials
   */
  public void setRole(String role) {
    this.role = role;
  }

  /**
   * @param requesterPays whether to pay for requests to buckets that want it
   */
  public void setRequesterPays(boolean requesterPays) {
    this.requesterPays = requesterPays;
  }

  Overwriting overwritten() {
    return overwritten;
  }

  /**
   * @param word what becomes of objects that are written again: {@code replace}, {@code append},
   *     {@code ignore} or {@code fail}
   */
  public void setOverwritten(String word) {
    overwritten = Overwriting.of(word);
  }

  RejectionLimit maxRejected() {
    return maxRejected;
  }

  /**
   * @param limit how many lines of an object may be rejected: a number, a share such as {@code 5
   *     %}, or both with a comma
   */
  public void setMaxRejected(String limit) {
    maxRejected = RejectionLimit.of(limit);
  }

  int maxInFlight() {
    return maxInFlight;
  }

  /**
   * @param objects so many of it are loaded at the same time
   */
  public void setMaxInFlight(int objects) {
    maxInFlight = objects;
  }

  /** What happens to its objects in S3 once they are loaded. */
  public AfterLoad afterLoad() {
    return afterLoad == AfterLoad.Action.KEEP ? AfterLoad.KEEP : new AfterLoad(afterLoad, moveTo);
  }

  /**
   * @param word what happens to objects once they are loaded: {@code keep}, {@code tag}, {@code
   *     move} or {@code delete}
   */
  public void setAfterLoad(String word) {
    afterLoad = AfterLoad.Action.of(word);
  }

  /**
   * @param prefix comes before the keys of objects that are moved
   */
  public void setMoveTo(String prefix) {
    moveTo = prefix;
  }

  /**
   * Checks what its parameters say together, and beside those of the other datasets.
   *
   * @throws IllegalArgumentException if it has no source, or if its objects would be moved to where
   *     they, or those of another dataset, come from: they would be loaded again
   */
  public void check() {
    if (source == null) {
      throw new IllegalArgumentException(
          "objects:%s has no parameter source, which says where its objects are"
              .formatted(dataset));
    }
    if (afterLoad != AfterLoad.Action.MOVE) {
      return;
    }
    for (S3Prefix from : source) {
      S3Prefix to = new S3Prefix(from.bucket(), afterLoad().destination(from.prefix()));
      getCamelContext().getEndpoints().stream()
          .filter(ObjectsEndpoint.class::isInstance)
          .map(ObjectsEndpoint.class::cast)
          .filter(other -> other.source != null)
          .filter(other -> other.source.stream().anyMatch(to::meets))
          .findFirst()
          .ifPresent(
              other -> {
                throw new IllegalArgumentException(
                    "loaded objects of %s would be moved from %s to %s, from where %s is loaded: they would be loaded again; change ingest.move-to, or the route's moveTo"
                        .formatted(dataset, from, to, other.dataset));
              });
    }
  }

  /** The client for its objects. */
  public S3Client s3() {
    return s3(component.s3());
  }

  /** The one of these clients that is for its objects. */
  public S3Client s3(S3Clients clients) {
    return clients.of(role, requesterPays);
  }

  /** Says that something may be there to load, instead of waiting until somebody looks. */
  public void wake() {
    consumer().ifPresent(ObjectsConsumer::wake);
  }

  /**
   * Takes no more objects, and ends the loads that are running at their next line: what they have
   * in batches is committed, and the objects go back to the ledger. For a route that is replaced.
   */
  public void halt() {
    consumer().ifPresent(ObjectsConsumer::halt);
  }

  /**
   * Whether nothing of it is loading after {@link #halt}.
   *
   * @param databaseIsAway whether nothing can be taken either
   */
  public boolean isHalted(boolean databaseIsAway) {
    return consumer().map(c -> c.isHalted(databaseIsAway)).orElse(true);
  }

  /** Takes objects again after {@link #halt}. */
  public void goOn() {
    consumer().ifPresent(ObjectsConsumer::goOn);
  }

  private synchronized Optional<ObjectsConsumer> consumer() {
    return Optional.ofNullable(consumer);
  }

  /** Waits until nothing is there to load now, and nothing is being loaded here. */
  public void drain() throws InterruptedException {
    Optional<ObjectsConsumer> current = consumer();
    if (current.isPresent()) {
      current.get().drain();
    }
  }

  @Override
  public Producer createProducer() {
    throw new UnsupportedOperationException(
        "nothing can be sent to objects:%s: it hands out what is in the bucket".formatted(dataset));
  }

  @Override
  public synchronized Consumer createConsumer(Processor processor) throws Exception {
    consumer = new ObjectsConsumer(this, component, processor);
    configureConsumer(consumer);
    return consumer;
  }

  @Override
  protected String createEndpointUri() {
    return ObjectsComponent.SCHEME + ":" + dataset;
  }
}
