package io.github.camelingest.rehearsal;

import static org.springframework.core.NestedExceptionUtils.getMostSpecificCause;

import io.github.camelingest.app.BlockingExecutor;
import io.github.camelingest.app.Offline;
import io.github.camelingest.app.Settings;
import io.github.camelingest.app.SetupException;
import io.github.camelingest.ledger.RejectedLine;
import io.github.camelingest.load.Chunk;
import io.github.camelingest.load.Lines;
import io.github.camelingest.load.ObjectsEndpoint;
import io.github.camelingest.load.RehearsedLoads;
import io.github.camelingest.routes.Folder;
import io.github.camelingest.routes.Sources;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.Route;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.spi.Registry;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.util.ObjectHelper;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * The routes of a folder, as they are, with nothing behind them: content at hand goes in, and what
 * would go to PostgreSQL, S3 or any other server goes nowhere. One content at a time; not
 * thread-safe.
 */
public final class Rehearsal implements AutoCloseable {

  /** Components that stay within the JVM; the others are inert. */
  private static final Set<String> WITHIN = Set.of("bean", "class", "direct", "log", "seda");

  /** Not the thread that reads: Camel would keep its batches until the end. */
  private final ExecutorService writer = new BlockingExecutor(1);

  private final CamelContext context;
  private final Folder folder;
  private final RehearsedLoads loads;
  private final Map<String, Route> routes;
  private Outcomes outcomes;

  /**
   * Starts the routes.
   *
   * @throws SetupException if they do not start, or a setting is wrong
   */
  public Rehearsal(Settings settings, Folder folder) {
    this.folder = folder;
    loads = new RehearsedLoads(settings.maxCompressionRatio());
    context = Offline.context(settings, writer);
    bindInertParts(new Lines(settings.maxLineBytes(), settings.batchSize()));
    ComponentResolver real = PluginHelper.getComponentResolver(context);
    context
        .getCamelContextExtension()
        .addContextPlugin(ComponentResolver.class, (name, c) -> resolve(name, c, real));
    try {
      start();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
    routes =
        context.getRoutes().stream()
            .filter(route -> route.getEndpoint() instanceof ObjectsEndpoint)
            .collect(
                Collectors.toMap(
                    Rehearsal::dataset, route -> route, (one, same) -> one, TreeMap::new));
  }

  private static String dataset(Route route) {
    return ((ObjectsEndpoint) route.getEndpoint()).getDataset();
  }

  private void bindInertParts(Lines lines) {
    bind("objectOpener", loads);
    bind("loads", loads);
    bind("lines", new HeardLines(lines, this::read));
    bind("rowBatching", new HeardBatching(this::batched));
    bind("batchRows", new InertRows());
    bind("batchWriter", new InertWriter());
    bind("heldBackWriter", new InertPolicy());
    bind("transaction", new InertPolicy());
  }

  private void bind(String name, Object part) {
    Registry registry = context.getRegistry();
    registry.unbind(name);
    registry.bind(name, part);
  }

  private static Component resolve(String name, CamelContext context, ComponentResolver real)
      throws Exception {
    Component component = real.resolveComponent(name, context);
    return component == null || WITHIN.contains(name) ? component : new InertComponent();
  }

  private void start() {
    List<Resource> files = files();
    try {
      PluginHelper.getRoutesLoader(context).loadRoutes(files);
      context.start();
    } catch (Exception e) {
      throw new SetupException(
          "the routes in %s do not start: %s".formatted(folder.name(), why(e)), e);
    }
  }

  /** With the place, as far as Camel tells it. */
  private static String why(Exception e) {
    MarkedYamlEngineException yaml = ObjectHelper.getException(MarkedYamlEngineException.class, e);
    if (yaml != null && yaml.getProblemMark().isPresent()) {
      return Place.of(yaml.getProblemMark().get()) + ": " + yaml.getProblem();
    }
    FailedToCreateRouteException route =
        ObjectHelper.getException(FailedToCreateRouteException.class, e);
    Throwable root = getMostSpecificCause(e);
    String message =
        root instanceof ClassNotFoundException
            ? "there is no class " + root.getMessage()
            : root.getMessage();
    return route == null ? message : "route %s: %s".formatted(route.getRouteId(), message);
  }

  private List<Resource> files() {
    try {
      List<Resource> files =
          folder.files(Sources.ROUTE).stream()
              .map(name -> ResourceHelper.resolveResource(context, folder.location() + "/" + name))
              .toList();
      if (files.isEmpty()) {
        throw new SetupException(
            "there are no routes in %s: no file there ends with %s"
                .formatted(folder.name(), Sources.ROUTE));
      }
      return files;
    } catch (IOException e) {
      throw new SetupException("%s cannot be read: %s".formatted(folder.name(), e.getMessage()), e);
    }
  }

  /** Names of the datasets that the routes load, in order. */
  public Set<String> datasets() {
    return routes.keySet();
  }

  /**
   * @throws SetupException if there is no dataset of that name
   */
  public void check(String dataset) {
    if (!routes.containsKey(dataset)) {
      throw new SetupException(
          "there is no dataset '%s' in %s; there are %s"
              .formatted(dataset, folder.name(), datasets()));
    }
  }

  /**
   * Sends content through the route of a dataset.
   *
   * @param content as an object would have it, possibly compressed; is closed
   * @param told what becomes of its lines
   * @throws SetupException if there is no such dataset
   */
  public RehearsedLoads.End run(String dataset, InputStream content, Outcomes told) {
    check(dataset);
    outcomes = told;
    return loads.load(routes.get(dataset), content);
  }

  private synchronized void read(Chunk chunk) {
    for (int i = 0; i < chunk.size(); i++) {
      outcomes.read(chunk.number(i));
    }
  }

  private synchronized void batched(Chunk chunk) {
    for (int i = 0; i < chunk.size(); i++) {
      Object row = chunk.row(i);
      if (row instanceof RejectedLine line) {
        outcomes.rejected(line);
      } else if (row != null) {
        outcomes.row(chunk.number(i), row);
      }
    }
  }

  @Override
  public void close() {
    context.stop();
    writer.shutdownNow();
  }
}
