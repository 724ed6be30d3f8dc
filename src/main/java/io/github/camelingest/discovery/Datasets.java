package io.github.camelingest.discovery;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;

/**
 * The kinds of input there are: every route in the group {@value #GROUP} loads the dataset that it
 * is named after, from the prefix {@code <dataset>/} of the bucket. Thread-safe.
 */
public final class Datasets {

  /** The group of routes that load a dataset. */
  public static final String GROUP = "dataset";

  private final CamelContext context;

  public Datasets(CamelContext context) {
    this.context = context;
  }

  /** Names of all datasets, in order. */
  public Set<String> names() {
    return context.getRoutes().stream()
        .filter(route -> GROUP.equals(route.getGroup()))
        .map(Route::getRouteId)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The dataset that a key belongs to; nothing for keys of nobody and for folder markers. */
  Optional<String> of(String key) {
    int slash = key.indexOf('/');
    if (slash < 0 || key.endsWith("/")) {
      return Optional.empty();
    }
    return Optional.of(key.substring(0, slash)).filter(names()::contains);
  }
}
