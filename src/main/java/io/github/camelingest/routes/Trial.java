package io.github.camelingest.routes;

import io.github.camelingest.load.ObjectsEndpoint;
import io.github.camelingest.routes.Outcome.Contents;
import java.io.FileNotFoundException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.EndpointAware;
import org.apache.camel.LineNumberAware;
import org.apache.camel.Route;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.component.bean.BeanEndpoint;
import org.apache.camel.component.direct.DirectEndpoint;
import org.apache.camel.component.sql.SqlEndpoint;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.TemplatedRouteDefinition;
import org.apache.camel.spi.ProcessorFactory;
import org.apache.camel.support.PluginHelper;
import org.springframework.core.NestedExceptionUtils;

/**
 * Tries routes and their SQL in a Camel context of their own, which is thrown away: nothing is
 * loaded, and nothing of what runs is touched. Thread-safe.
 */
public final class Trial {

  private final Supplier<CamelContext> contexts;
  private final Database database;

  /**
   * @param contexts makes contexts with the beans that routes name, of which nothing starts by
   *     itself
   */
  public Trial(Supplier<CamelContext> contexts, Database database) {
    this.contexts = contexts;
    this.database = database;
  }

  /** Tries all of it. */
  public Outcome of(Sources sources) {
    return run(sources, true);
  }

  /** What is in the files, without asking PostgreSQL about their SQL. */
  Map<String, Contents> contents(Sources sources) {
    return run(sources, false).contents();
  }

  private Outcome run(Sources sources, boolean prepare) {
    CamelContext context = contexts.get();
    try {
      return run(sources, prepare, context);
    } catch (Exception e) {
      // Not the routes' fault, but they cannot be told to be good.
      return new Outcome(List.of(Diagnosis.of(sources, "routes", e)), Optional.empty(), Map.of());
    } finally {
      context.stop();
    }
  }

  private Outcome run(Sources sources, boolean prepare, CamelContext context) throws Exception {
    context.setAutoStartup(false);
    context.getRegistry().bind(SourceResolver.BEAN, new SourceResolver(() -> sources));
    Steps steps = new Steps();
    context.getCamelContextExtension().addContextPlugin(ProcessorFactory.class, steps);
    context.start();
    Attempt attempt = new Attempt(sources, context, steps);
    attempt.addAll();
    Optional<String> notPrepared =
        prepare && attempt.problems.isEmpty() ? attempt.prepare() : Optional.empty();
    return new Outcome(attempt.problems, notPrepared, attempt.contents);
  }

  /** One context on its way to have all routes. */
  private final class Attempt {
    private final Sources sources;
    private final CamelContext context;
    private final Model model;
    private final Steps steps;
    private final List<Problem> problems;
    private final Map<String, Contents> contents = new TreeMap<>();
    private final Map<String, Collection<RoutesBuilder>> builders = new TreeMap<>();

    /** Places of the routes that were added, by their ids. */
    private final Map<String, String> ids = new HashMap<>();

    Attempt(Sources sources, CamelContext context, Steps steps) {
      this.sources = sources;
      this.context = context;
      this.model = context.getCamelContextExtension().getContextPlugin(Model.class);
      this.steps = steps;
      this.problems = new ArrayList<>(sources.unreadable());
    }

    void addAll() {
      sources.routeFiles().forEach(file -> attempt(file, () -> parse(file)));
      if (!problems.isEmpty()) {
        // Others may need what is in the files that cannot be read.
        return;
      }
      builders.forEach(
          (file, all) -> all.forEach(builder -> addRoutes(file, (RouteBuilder) builder)));
      builders.forEach(
          (file, all) -> all.forEach(builder -> addTemplated(file, (RouteBuilder) builder)));
      builders.keySet().forEach(this::note);
      checkDatasets();
      checkEnds();
      checkDirect();
      problems.addAll(new SqlParameters(sources).check(steps.made()));
    }

    /** Asks PostgreSQL about the SQL of all routes, if it can be asked. */
    Optional<String> prepare() {
      SqlTrial sql = new SqlTrial(sources, context);
      sql.prepare(steps.made(), database);
      problems.addAll(sql.problems());
      return sql.notPrepared();
    }

    private void parse(String file) throws Exception {
      String text = sources.text(file).orElseThrow();
      Optional<Problem> shape = Shape.problem(file, text);
      if (shape.isPresent()) {
        problems.add(shape.get());
        return;
      }
      Collection<RoutesBuilder> found =
          PluginHelper.getRoutesLoader(context)
              .findRoutesBuilders(List.of(SourceResolver.resource(sources.location(file), text)));
      for (RoutesBuilder builder : found) {
        if (builder instanceof RouteConfigurationsBuilder configurations) {
          context.addRoutesConfigurations(configurations);
        }
        ((RouteBuilder) builder).prepareModel(context);
      }
      builders.put(file, found);
    }

    private void addRoutes(String file, RouteBuilder builder) {
      for (RouteDefinition route : builder.getRouteCollection().getRoutes()) {
        LineNumberAware from = route.getInput();
        String place = "%s:%d".formatted(file, from.getLineNumber());
        String other = route.getId() == null ? null : ids.putIfAbsent(route.getId(), place);
        if (other != null) {
          problems.add(
              Diagnosis.at(
                  sources,
                  file,
                  from.getLineNumber(),
                  "a route with the id '%s' is at %s already".formatted(route.getId(), other)));
        } else {
          attempt(file, from, () -> model.addRouteDefinition(route));
        }
      }
    }

    private void addTemplated(String file, RouteBuilder builder) {
      List<TemplatedRouteDefinition> routes =
          builder.getTemplatedRouteCollection().getTemplatedRoutes();
      for (int i = 0; i < routes.size(); i++) {
        TemplatedRouteDefinition route = routes.get(i);
        int line = Diagnosis.lineOf(sources.text(file).orElseThrow(), "templatedRoute:", i);
        String place = "%s:%d".formatted(file, line);
        String other =
            route.getRouteId() == null ? null : ids.putIfAbsent(route.getRouteId(), place);
        if (other != null) {
          problems.add(
              Diagnosis.at(
                  sources,
                  file,
                  line,
                  "a route with the id '%s' is at %s already"
                      .formatted(route.getRouteId(), other)));
          continue;
        }
        attempt(file, line, () -> model.addRouteFromTemplatedRoute(route));
      }
    }

    private void note(String file) {
      String location = sources.location(file);
      Set<String> templates = new TreeSet<>();
      Set<String> made = new TreeSet<>();
      boolean configures = false;
      for (RoutesBuilder builder : builders.get(file)) {
        RouteBuilder routes = (RouteBuilder) builder;
        routes.getRouteTemplateCollection().getRouteTemplates().stream()
            .map(RouteTemplateDefinition::getId)
            .forEach(templates::add);
        routes.getTemplatedRouteCollection().getTemplatedRoutes().stream()
            .map(TemplatedRouteDefinition::getRouteTemplateRef)
            .forEach(made::add);
        configures |=
            builder instanceof RouteConfigurationBuilder c
                && !c.getRouteConfigurationCollection().getRouteConfigurations().isEmpty();
      }
      Set<String> beans =
          model.getCustomBeans().stream()
              .filter(
                  bean ->
                      bean.getResource() != null
                          && bean.getResource().getLocation().equals(location))
              .map(bean -> bean.getName())
              .collect(Collectors.toSet());
      contents.put(file, new Contents(templates, made, beans, configures, sqlOf(file)));
    }

    /** Files with the SQL of the routes of a file. */
    private Set<String> sqlOf(String file) {
      Set<String> routeIds =
          ids.entrySet().stream()
              .filter(id -> id.getValue().startsWith(file + ":"))
              .map(Map.Entry::getKey)
              .collect(Collectors.toSet());
      return steps.made().stream()
          .filter(step -> routeIds.contains(step.route().getRouteId()))
          .flatMap(step -> endpoint(step, SqlEndpoint.class).stream())
          .flatMap(endpoint -> sources.name(endpoint.getQuery()).stream())
          .collect(Collectors.toSet());
    }

    private void checkDatasets() {
      Map<String, Route> datasets = new HashMap<>();
      for (Route route : context.getRoutes()) {
        if (route.getEndpoint() instanceof ObjectsEndpoint dataset) {
          attempt(file(route), line(route), dataset::check);
          Route other = datasets.putIfAbsent(dataset.getDataset(), route);
          if (other != null) {
            problems.add(
                Diagnosis.at(
                    sources,
                    file(route),
                    line(route),
                    "the dataset '%s' is loaded by the route '%s' already"
                        .formatted(dataset.getDataset(), other.getRouteId())));
          }
        }
      }
    }

    /** A file that was cut off while it was saved may well be a route, but not one that ends. */
    private void checkEnds() {
      for (Route route : context.getRoutes()) {
        if (route.getEndpoint() instanceof ObjectsEndpoint && !mayFinish(route)) {
          problems.add(
              Diagnosis.at(
                  sources,
                  file(route),
                  line(route),
                  "the route has no step 'finish' of the bean 'loads', so no object is ever loaded"));
        }
      }
    }

    /** Itself, or by another route. */
    private boolean mayFinish(Route route) {
      return steps.made().stream()
          .filter(step -> step.route().getRouteId().equals(route.getRouteId()))
          .anyMatch(
              step ->
                  step.definition() instanceof BeanDefinition bean
                          && "loads".equals(bean.getRef())
                          && "finish".equals(bean.getMethod())
                      || endpoint(step, DirectEndpoint.class).isPresent()
                      || endpoint(step, BeanEndpoint.class).isPresent());
    }

    /** What is sent to a route that is not there waits for half a minute, and fails. */
    private void checkDirect() {
      Set<String> there =
          context.getRoutes().stream()
              .map(route -> route.getEndpoint().getEndpointKey())
              .collect(Collectors.toSet());
      for (Steps.Step step : steps.made()) {
        endpoint(step, DirectEndpoint.class)
            .map(Endpoint::getEndpointKey)
            .filter(key -> !there.contains(key))
            .ifPresent(
                key ->
                    problems.add(
                        Diagnosis.of(
                            sources,
                            step.definition(),
                            "no route is from %s".formatted(key.replace("//", "")))));
      }
    }

    private String file(Route route) {
      String place = ids.get(route.getRouteId());
      return place == null ? "routes" : place.substring(0, place.lastIndexOf(':'));
    }

    private int line(Route route) {
      String place = ids.get(route.getRouteId());
      return place == null ? 0 : Integer.parseInt(place.substring(place.lastIndexOf(':') + 1));
    }

    private void attempt(String file, Work work) {
      attempt(file, 0, work);
    }

    private void attempt(String file, LineNumberAware at, Work work) {
      attempt(file, at.getLineNumber(), work);
    }

    private void attempt(String file, int line, Work work) {
      try {
        work.run();
      } catch (Exception e) {
        // SQL that is not there is told below, with the step that wants it.
        if (!(NestedExceptionUtils.getMostSpecificCause(e) instanceof FileNotFoundException)) {
          problems.add(Diagnosis.of(sources, file, line, steps.failed(), e));
        }
      }
    }
  }

  /** Something that fails as Camel does. */
  private interface Work {
    void run() throws Exception;
  }

  /** The endpoint that a step sends to, if it is one of a kind. */
  static <T extends Endpoint> Optional<T> endpoint(Steps.Step step, Class<T> kind) {
    return step.processor() instanceof EndpointAware aware && kind.isInstance(aware.getEndpoint())
        ? Optional.of(kind.cast(aware.getEndpoint()))
        : Optional.empty();
  }
}
