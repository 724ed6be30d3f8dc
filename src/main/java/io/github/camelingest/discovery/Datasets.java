package io.github.camelingest.discovery;

import io.github.camelingest.load.ObjectsEndpoint;
import io.github.camelingest.load.S3Prefix;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;

/**
 * The kinds of input there are: every route from {@code objects:<dataset>} loads one. Thread-safe.
 */
public final class Datasets {

  private final CamelContext context;

  /** What there was when {@link #hold} was called; null where that is over. */
  private volatile Map<String, ObjectsEndpoint> held;

  public Datasets(CamelContext context) {
    this.context = context;
  }

  /** All datasets by name, in order. */
  public Map<String, ObjectsEndpoint> all() {
    Map<String, ObjectsEndpoint> before = held;
    return before == null ? current() : before;
  }

  /**
   * Answers as it does now until {@link #release}: routes are replaced, and what happens in S3
   * meanwhile must not seem to be of nobody's interest.
   */
  public void hold() {
    held = current();
  }

  /** Ends {@link #hold}. */
  public void release() {
    held = null;
  }

  private Map<String, ObjectsEndpoint> current() {
    return context.getRoutes().stream()
        .map(Route::getEndpoint)
        .filter(ObjectsEndpoint.class::isInstance)
        .map(ObjectsEndpoint.class::cast)
        .collect(
            Collectors.toMap(
                ObjectsEndpoint::getDataset, dataset -> dataset, (one, same) -> one, TreeMap::new));
  }

  /** Names of all datasets, in order. */
  public Set<String> names() {
    return all().keySet();
  }

  /**
   * The dataset that an object belongs to: of those whose source holds it, the one with the longest
   * prefix. Nothing for objects of nobody and for folder markers.
   */
  Optional<ObjectsEndpoint> of(String bucket, String key) {
    return all().values().stream()
        .flatMap(
            dataset ->
                dataset.source().stream()
                    .filter(place -> place.holds(bucket, key))
                    .map(place -> new Home(dataset, place)))
        .max(Comparator.comparingInt(home -> home.place().prefix().length()))
        .map(Home::dataset);
  }

  /** Whether a key is in the source of a dataset, be it of an object or of a folder marker. */
  boolean hold(String bucket, String key) {
    return all().values().stream()
        .flatMap(dataset -> dataset.source().stream())
        .anyMatch(place -> place.bucket().equals(bucket) && key.startsWith(place.prefix()));
  }

  private record Home(ObjectsEndpoint dataset, S3Prefix place) {}
}
