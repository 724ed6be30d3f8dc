package io.github.camelingest.routes;

import io.github.camelingest.batch.RowBatch;
import io.github.camelingest.load.Load;
import io.github.camelingest.load.ObjectsEndpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Route;
import org.apache.camel.component.sql.SqlEndpoint;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.SetHeaderDefinition;
import org.apache.camel.model.SetHeadersDefinition;
import org.apache.camel.model.SetVariableDefinition;

/** Checks that something gives the parameters of the SQL in routes that load datasets. */
final class SqlParameters {

  private static final Pattern OF_BODY =
      Pattern.compile("\\$(?:simple)?\\{body\\.(\\w+)(?:\\(\\))?\\}");

  private static final Set<String> OTHER_BODY = Set.of("setBody", "transform", "convertBodyTo");

  private final Sources sources;

  SqlParameters(Sources sources) {
    this.sources = sources;
  }

  /** A problem for each parameter that neither the body nor a step gives, and for missing SQL. */
  List<Problem> check(List<Steps.Step> steps) {
    List<Problem> problems = new ArrayList<>();
    for (Steps.Step step : steps) {
      Trial.endpoint(step, SqlEndpoint.class)
          .filter(endpoint -> !endpoint.isUseMessageBodyForSql())
          .ifPresent(endpoint -> check(step, endpoint, problems));
    }
    return problems.stream().distinct().toList();
  }

  private void check(Steps.Step step, SqlEndpoint endpoint, List<Problem> problems) {
    SqlText text;
    try {
      text = SqlText.of(step, endpoint, sources);
    } catch (IOException e) {
      problems.add(
          Diagnosis.of(
              sources,
              step.definition(),
              "there is no SQL at %s".formatted(endpoint.getQuery().replaceFirst("^\\w+:", ""))));
      return;
    }
    if (!endpoint.isAllowNamedParameters()
        || !(step.route().getEndpoint() instanceof ObjectsEndpoint)) {
      return;
    }
    for (SqlText.Parameter parameter : text.parameters()) {
      if (!isGiven(parameter.name(), step)) {
        problems.add(
            text.problem(
                parameter.offset(),
                "nothing gives the parameter %s here".formatted(parameter.text())));
      }
    }
  }

  private static boolean isGiven(String parameter, Steps.Step step) {
    List<ProcessorDefinition<?>> steps = steps(step.route());
    Matcher ofBody = OF_BODY.matcher(parameter);
    if (ofBody.matches()) {
      return has(isInABatch(step) ? RowBatch.class : Load.class, ofBody.group(1))
          || steps.stream().anyMatch(other -> OTHER_BODY.contains(other.getShortName()));
    }
    // What other expressions come to is seen when they are evaluated.
    return parameter.startsWith("$")
        || steps.stream().anyMatch(other -> sets(other, parameter))
        || steps.stream().anyMatch(other -> OTHER_BODY.contains(other.getShortName()));
  }

  private static boolean isInABatch(Steps.Step step) {
    return ProcessorDefinitionHelper.findFirstParentOfType(
            AggregateDefinition.class, step.definition(), true)
        != null;
  }

  private static boolean has(Class<?> body, String property) {
    String name = Character.toUpperCase(property.charAt(0)) + property.substring(1);
    return Arrays.stream(body.getMethods())
        .filter(method -> method.getParameterCount() == 0)
        .map(method -> method.getName())
        .anyMatch(Set.of(property, "get" + name, "is" + name)::contains);
  }

  private static boolean sets(ProcessorDefinition<?> step, String name) {
    return step instanceof SetHeaderDefinition header && name.equals(header.getName())
        || step instanceof SetVariableDefinition variable && name.equals(variable.getName())
        || step instanceof SetHeadersDefinition headers
            && headers.getHeaders().stream().anyMatch(h -> name.equals(h.getName()));
  }

  /** All steps of a route, in the order of its file. */
  static List<ProcessorDefinition<?>> steps(Route route) {
    List<ProcessorDefinition<?>> all = new ArrayList<>();
    add(((ProcessorDefinition<?>) route.getRoute()).getOutputs(), all);
    return all;
  }

  private static void add(List<ProcessorDefinition<?>> steps, List<ProcessorDefinition<?>> all) {
    for (ProcessorDefinition<?> step : steps) {
      all.add(step);
      add(step.getOutputs(), all);
    }
  }
}
