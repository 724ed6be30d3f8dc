package io.github.camelingest.routes;

import io.github.camelingest.discovery.Datasets;
import io.github.camelingest.load.ObjectsEndpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PluginHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes that run, and which file each is from: what a file has is started, replaced and
 * stopped as a whole. Camel's own strategies to reload routes (RouteWatcherReloadStrategy) do so
 * without trying the routes, without waiting for the end of a batch, and know nothing of SQL.
 * Thread-safe.
 */
public final class RunningRoutes implements RoutesBuilder {

  private static final Logger LOG = LoggerFactory.getLogger(RunningRoutes.class);

  private final Map<String, List<RouteDefinition>> routes = new HashMap<>();
  private final Map<String, List<RoutesBuilder>> builders = new HashMap<>();
  private volatile Sources sources;
  private CamelContext context;

  /**
   * @param sources what is to be started
   */
  public RunningRoutes(Sources sources) {
    this.sources = sources;
  }

  /** What runs. */
  Sources sources() {
    return sources;
  }

  /** Adds all routes to a context, which from then on finds their SQL here. */
  @Override
  public synchronized void addRoutesToCamelContext(CamelContext started) throws Exception {
    context = started;
    context.getRegistry().bind(SourceResolver.BEAN, new SourceResolver(this::sources));
    add(sources.routeFiles());
  }

  @Override
  public void addTemplatedRoutesToCamelContext(CamelContext started) {
    // They are there already.
  }

  @Override
  public Set<String> updateRoutesToCamelContext(CamelContext started) {
    throw new UnsupportedOperationException("routes are replaced by their files");
  }

  /** Datasets that the routes of these files load. */
  synchronized List<ObjectsEndpoint> datasets(Collection<String> files) {
    return files.stream()
        .flatMap(file -> routes.getOrDefault(file, List.of()).stream())
        .map(route -> context.getRoute(route.getRouteId()))
        .filter(route -> route != null && route.getEndpoint() instanceof ObjectsEndpoint)
        .map(route -> (ObjectsEndpoint) route.getEndpoint())
        .toList();
  }

  /**
   * Replaces the routes of some files. If the new ones do not start, the ones before do.
   *
   * @param wanted what is to run
   * @param files whose routes are not the same then
   * @throws Exception why the new ones do not start
   */
  synchronized void replace(Sources wanted, Collection<String> files) throws Exception {
    Sources before = sources;
    Datasets datasets = context.getRegistry().lookupByNameAndType("datasets", Datasets.class);
    datasets.hold();
    try {
      remove(files);
      sources = wanted;
      add(there(files));
    } catch (Exception e) {
      sources = before;
      restore(files, e);
      throw e;
    } finally {
      datasets.release();
    }
  }

  private void restore(Collection<String> files, Exception cause) {
    try {
      remove(files);
      add(there(files));
    } catch (Exception e) {
      cause.addSuppressed(e);
      LOG.error("the routes that ran before do not start any more: {}", e.getMessage(), e);
    }
  }

  private List<String> there(Collection<String> files) {
    return sources.routeFiles().stream().filter(files::contains).toList();
  }

  /** Ids of the routes of some files that run, in order. */
  synchronized Set<String> ids(Collection<String> files) {
    return files.stream()
        .flatMap(file -> routes.getOrDefault(file, List.of()).stream())
        .map(RouteDefinition::getRouteId)
        .filter(this::isRunning)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Not so for one that has a precondition which does not hold. */
  private boolean isRunning(String id) {
    ServiceStatus status = context.getRouteController().getRouteStatus(id);
    return status != null && status.isStarted();
  }

  /** Where the objects of each dataset are, by its name. */
  synchronized Map<String, String> places() {
    return datasets(routes.keySet()).stream()
        .collect(
            Collectors.toMap(ObjectsEndpoint::getDataset, dataset -> dataset.source().toString()));
  }

  /** In the order in which Camel Main does: what is made of templates comes last. */
  private void add(List<String> files) throws Exception {
    Map<String, List<RoutesBuilder>> added = new LinkedHashMap<>();
    for (String file : files) {
      List<RoutesBuilder> found =
          List.copyOf(
              PluginHelper.getRoutesLoader(context)
                  .findRoutesBuilders(
                      List.of(
                          SourceResolver.resource(
                              sources.location(file), sources.text(file).orElseThrow()))));
      added.put(file, found);
      builders.put(file, found);
      for (RoutesBuilder builder : found) {
        if (builder instanceof RouteConfigurationsBuilder configurations) {
          context.addRoutesConfigurations(configurations);
        }
      }
    }
    for (Map.Entry<String, List<RoutesBuilder>> file : added.entrySet()) {
      for (RoutesBuilder builder : file.getValue()) {
        add(file.getKey(), () -> context.addRoutes(builder));
      }
    }
    for (Map.Entry<String, List<RoutesBuilder>> file : added.entrySet()) {
      for (RoutesBuilder builder : file.getValue()) {
        add(file.getKey(), () -> context.addTemplatedRoutes(builder));
      }
    }
  }

  private interface Adding {
    void run() throws Exception;
  }

  /** Notes what was added, also if that failed half way. */
  private void add(String file, Adding adding) throws Exception {
    List<RouteDefinition> before = new ArrayList<>(model().getRouteDefinitions());
    try {
      adding.run();
    } finally {
      List<RouteDefinition> now = new ArrayList<>(model().getRouteDefinitions());
      now.removeAll(before);
      routes.computeIfAbsent(file, f -> new ArrayList<>()).addAll(now);
    }
  }

  private void remove(Collection<String> files) throws Exception {
    for (String file : files) {
      // The first ones may send to those behind them.
      for (RouteDefinition route : routes.getOrDefault(file, List.of())) {
        context.getRouteController().stopRoute(route.getRouteId());
      }
    }
    for (String file : files) {
      for (RouteDefinition route : routes.getOrDefault(file, List.of())) {
        model().removeRouteDefinition(route);
      }
      for (RoutesBuilder builder : builders.getOrDefault(file, List.of())) {
        model()
            .removeRouteTemplateDefinitions(
                ((RouteBuilder) builder).getRouteTemplateCollection().getRouteTemplates());
        model()
            .getRouteConfigurationDefinitions()
            .removeAll(
                ((RouteConfigurationBuilder) builder)
                    .getRouteConfigurationCollection()
                    .getRouteConfigurations());
      }
      routes.remove(file);
      builders.remove(file);
    }
  }

  private Model model() {
    return context.getCamelContextExtension().getContextPlugin(Model.class);
  }
}
