package io.github.camelingest.routes;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelingest.batch.BatchRows;
import io.github.camelingest.batch.RowBatch;
import io.github.camelingest.load.JsonRows;
import io.github.camelingest.load.Load;
import io.github.camelingest.load.ObjectsEndpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.sql.SqlEndpoint;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.SetHeaderDefinition;
import org.apache.camel.model.SetHeadersDefinition;
import org.apache.camel.model.SetVariableDefinition;
import org.apache.camel.model.UnmarshalDefinition;
import org.apache.camel.model.dataformat.CustomDataFormat;
import org.apache.camel.support.ResourceHelper;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;
import org.postgresql.core.SqlCommandType;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Tries the SQL of routes: whether its parameters are there, and whether PostgreSQL understands it,
 * in transactions that are rolled back. Belongs to one thread.
 */
final class SqlTrial {

  /** As camel-sql has it, behind the placeholder. */
  private static final Pattern PARAMETER =
      Pattern.compile(":[#?](?:in:)?(\\w+|\\$(?:simple)?\\{[^}]+\\})");

  private static final Pattern OF_BODY =
      Pattern.compile("\\$(?:simple)?\\{body\\.(\\w+)(?:\\(\\))?\\}");

  private static final Pattern TEMPORARY =
      Pattern.compile("(?is)\\s*create\\s+(?:local\\s+|global\\s+)?temp(?:orary)?\\s+table\\b.*");

  /**
   * PostgreSQL cannot tell without values of parameters, which it has when it matters:
   * indeterminate datatype, ambiguous function (PostgreSQL's manual, "Error Codes").
   */
  private static final Set<String> UNDECIDED = Set.of("42P18", "42725");

  /** Somebody holds a lock on a table, or PostgreSQL is busy. */
  private static final Set<String> TOO_LONG = Set.of("55P03", "57014");

  /** A trial must neither wait for writers for long nor keep them. */
  private static final String IMPATIENT =
      "set local lock_timeout = '1s'; set local statement_timeout = '2s'";

  private final Sources sources;
  private final CamelContext context;

  SqlTrial(Sources sources, CamelContext context) {
    this.sources = sources;
    this.context = context;
  }

  /**
   * @param notPrepared why PostgreSQL was not asked about some SQL
   */
  record Answer(List<Problem> problems, Optional<String> notPrepared) {}

  /** A problem for each parameter that neither the body nor a step gives. */
  List<Problem> checkParameters(List<Steps.Step> steps) {
    List<Problem> problems = new ArrayList<>();
    for (Steps.Step step : steps) {
      Trial.endpoint(step, SqlEndpoint.class)
          .filter(
              endpoint -> endpoint.isAllowNamedParameters() && !endpoint.isUseMessageBodyForSql())
          .ifPresent(endpoint -> checkParameters(step, endpoint, problems));
    }
    return problems;
  }

  private void checkParameters(Steps.Step step, SqlEndpoint endpoint, List<Problem> problems) {
    Text text;
    try {
      text = text(step, endpoint);
    } catch (IOException e) {
      problems.add(
          Diagnosis.of(
              sources,
              step.definition(),
              "there is no SQL at %s".formatted(endpoint.getQuery().replaceFirst("^\\w+:", ""))));
      return;
    }
    Matcher parameters = PARAMETER.matcher(text.sql());
    while (parameters.find()) {
      String parameter = parameters.group(1);
      if (!isGiven(parameter, step)) {
        problems.add(
            text.problem(
                parameters.start(),
                "nothing gives the parameter %s here".formatted(parameters.group())));
      }
    }
  }

  private boolean isGiven(String parameter, Steps.Step step) {
    Matcher ofBody = OF_BODY.matcher(parameter);
    if (ofBody.matches()) {
      return !(step.route().getEndpoint() instanceof ObjectsEndpoint)
          || isInABatch(step) && has(RowBatch.class, ofBody.group(1))
          || !isInABatch(step) && has(Load.class, ofBody.group(1))
          || sets(step.route(), "body");
    }
    // What other expressions come to is seen when they are evaluated.
    return parameter.startsWith("$")
        || !(step.route().getEndpoint() instanceof ObjectsEndpoint)
        || sets(step.route(), parameter);
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

  /** Whether a step of a route sets a header or variable, or another body. */
  private boolean sets(Route route, String name) {
    return steps(route).stream()
        .anyMatch(
            step ->
                step instanceof SetHeaderDefinition header && name.equals(header.getName())
                    || step instanceof SetVariableDefinition variable
                        && name.equals(variable.getName())
                    || step instanceof SetHeadersDefinition headers
                        && headers.getHeaders().stream().anyMatch(h -> name.equals(h.getName()))
                    || name.equals("body") && SETS_BODY.contains(step.getShortName()));
  }

  private static final Set<String> SETS_BODY = Set.of("setBody", "transform", "convertBodyTo");

  private static List<ProcessorDefinition<?>> steps(Route route) {
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

  /** Asks PostgreSQL about all SQL, unless it cannot be reached. */
  Answer prepare(List<Steps.Step> steps, Database database) {
    Map<Route, List<Steps.Step>> routes = new LinkedHashMap<>();
    for (Steps.Step step : steps) {
      if (Trial.endpoint(step, SqlEndpoint.class).isPresent()) {
        routes.computeIfAbsent(step.route(), route -> new ArrayList<>()).add(step);
      }
    }
    if (routes.isEmpty()) {
      return new Answer(List.of(), Optional.empty());
    }
    List<Problem> problems = new ArrayList<>();
    List<String> notPrepared = new ArrayList<>();
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      if (!hasLedger(connection)) {
        return new Answer(
            List.of(), Optional.of("the database has no ledger yet; the first start makes it"));
      }
      for (Map.Entry<Route, List<Steps.Step>> route : routes.entrySet()) {
        new RouteSql(connection, route.getKey(), problems, notPrepared).prepare(route.getValue());
        connection.rollback();
      }
    } catch (SQLException e) {
      notPrepared.add("PostgreSQL cannot be asked: " + Diagnosis.oneLine(e.getMessage()));
    } catch (IOException e) {
      notPrepared.add(e.getMessage());
    }
    return new Answer(
        problems.stream().distinct().toList(), notPrepared.stream().distinct().findFirst());
  }

  private static boolean hasLedger(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet ledger =
            statement.executeQuery("select to_regclass('ingest.object') is not null")) {
      ledger.next();
      return ledger.getBoolean(1);
    }
  }

  /** The SQL of one route, in one transaction. */
  private final class RouteSql {
    private final Connection connection;
    private final Route route;
    private final List<Problem> problems;
    private final List<String> notPrepared;

    /** What the temporary table of the batch is called, where it could not be made; else null. */
    private String missing;

    RouteSql(Connection connection, Route route, List<Problem> problems, List<String> notPrepared) {
      this.connection = connection;
      this.route = route;
      this.problems = problems;
      this.notPrepared = notPrepared;
    }

    void prepare(List<Steps.Step> steps) throws SQLException, IOException {
      execute(IMPATIENT);
      if (route.getEndpoint() instanceof ObjectsEndpoint dataset) {
        Optional<Class<?>> rows = rows(route);
        if (rows.isPresent()) {
          execute(BatchRows.creation(dataset.getDataset(), rows.get()));
        } else {
          missing = BatchRows.table(dataset.getDataset());
        }
      }
      for (Steps.Step step : steps) {
        SqlEndpoint endpoint = Trial.endpoint(step, SqlEndpoint.class).orElseThrow();
        if (!endpoint.isUseMessageBodyForSql()) {
          prepare(text(step, endpoint), placeholder(endpoint));
        }
      }
    }

    private void prepare(Text text, String placeholder) throws SQLException {
      String sql = withMarks(text.sql(), placeholder);
      int end = 0;
      for (NativeQuery statement : Parser.parseJdbcSql(sql, true, false, true, false, false)) {
        int start = sql.indexOf(statement.nativeSql, end);
        end = start + statement.nativeSql.length();
        if (statement.command.getType() != SqlCommandType.BLANK) {
          prepare(text, start, statement.nativeSql);
        }
      }
    }

    private void prepare(Text text, int start, String statement) throws SQLException {
      if (missing != null && statement.contains(missing)) {
        notPrepared.add(
            "what rows the route '%s' makes is not known, so neither is the table %s"
                .formatted(route.getRouteId(), missing));
        return;
      }
      Savepoint before = connection.setSavepoint();
      String numbered = numbered(statement);
      try {
        if (TEMPORARY.matcher(statement).matches()) {
          execute(statement);
        } else {
          try (PreparedStatement prepared = connection.prepareStatement(numbered)) {
            prepared.getParameterMetaData();
          }
        }
      } catch (SQLException e) {
        connection.rollback(before);
        judge(text, start, e);
      }
    }

    private void judge(Text text, int start, SQLException e) throws SQLException {
      String state = String.valueOf(e.getSQLState());
      if (TOO_LONG.contains(state)) {
        notPrepared.add("PostgreSQL takes too long: " + Diagnosis.oneLine(e.getMessage()));
      } else if (state.startsWith("08") || state.startsWith("57P")) {
        throw e;
      } else if (!UNDECIDED.contains(state)) {
        ServerErrorMessage told =
            e instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        String reason = told == null ? e.getMessage() : told.getMessage();
        int position = told == null ? 0 : Math.max(told.getPosition() - 1, 0);
        problems.add(text.problem(start + position, Diagnosis.oneLine(reason)));
      }
    }

    private void execute(String sql) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }
  }

  /**
   * What the rows of a route are when its first batch takes them: what the last step before it
   * makes of which that is known.
   */
  private Optional<Class<?>> rows(Route route) {
    Class<?> rows = null;
    for (ProcessorDefinition<?> step : steps(route)) {
      if (step instanceof AggregateDefinition) {
        break;
      }
      rows = rowsOf(step).orElse(rows);
    }
    return Optional.ofNullable(rows);
  }

  private Optional<Class<?>> rowsOf(ProcessorDefinition<?> step) {
    if (step instanceof UnmarshalDefinition unmarshal
        && unmarshal.getDataFormatType() instanceof CustomDataFormat custom) {
      return Optional.ofNullable(
              context.getRegistry().lookupByNameAndType(custom.getRef(), JsonRows.class))
          .map(JsonRows::type);
    }
    if (step instanceof BeanDefinition bean && bean.getMethod() != null) {
      String method = bean.getMethod().replaceFirst("\\(.*", "");
      return type(bean).stream()
          .flatMap(type -> Stream.of(type.getMethods()))
          .filter(m -> m.getName().equals(method))
          .<Class<?>>map(m -> m.getReturnType())
          .filter(type -> type.isRecord() || JsonNode.class.isAssignableFrom(type))
          .findFirst();
    }
    return Optional.empty();
  }

  private Optional<Class<?>> type(BeanDefinition bean) {
    if (bean.getBeanType() != null) {
      return Optional.ofNullable(context.getClassResolver().resolveClass(bean.getBeanType()));
    }
    return Optional.ofNullable(bean.getRef())
        .map(ref -> context.getRegistry().lookupByName(ref))
        .map(Object::getClass);
  }

  /**
   * SQL and where it stands.
   *
   * @param sql with blanks in place of lines that are comments, which camel-sql leaves out
   */
  private record Text(String file, Steps.Step step, String sql, Sources sources) {

    Problem problem(int offset, String reason) {
      if (file == null) {
        return Diagnosis.of(sources, step.definition(), reason);
      }
      String before = sql.substring(0, Math.min(offset, sql.length()));
      int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
      return new Problem(file, line, before.length() - before.lastIndexOf('\n'), reason);
    }
  }

  private Text text(Steps.Step step, SqlEndpoint endpoint) throws IOException {
    String query = endpoint.getQuery();
    if (!ResourceHelper.hasScheme(query)) {
      return new Text(null, step, query, sources);
    }
    try (InputStream content =
        ResourceHelper.resolveMandatoryResourceAsInputStream(context, query)) {
      String sql = new String(content.readAllBytes(), StandardCharsets.UTF_8);
      return new Text(
          sources.name(query).orElse(query),
          step,
          Pattern.compile("(?m)^[ \\t]*--.*$")
              .matcher(sql)
              .replaceAll(comment -> " ".repeat(comment.group().length())),
          sources);
    }
  }

  private static String placeholder(SqlEndpoint endpoint) {
    return endpoint.isUsePlaceholder() ? endpoint.getPlaceholder() : null;
  }

  /** With a question mark and blanks in place of each parameter, so that all keeps its place. */
  private static String withMarks(String sql, String placeholder) {
    String named =
        PARAMETER
            .matcher(sql)
            .replaceAll(parameter -> "?" + " ".repeat(parameter.group().length() - 1));
    return placeholder == null ? named : named.replace(placeholder, "?");
  }

  /** With a blank less behind each question mark for what its number will take. */
  private static String numbered(String statement) {
    StringBuilder numbered = new StringBuilder();
    int parameters = 0;
    for (int i = 0; i < statement.length(); i++) {
      char c = statement.charAt(i);
      numbered.append(c);
      if (c == '?') {
        int digits = Integer.toString(++parameters).length();
        int next = i + 1;
        while (digits > 0 && next < statement.length() && statement.charAt(next) == ' ') {
          next++;
          digits--;
        }
        i = next - 1;
      }
    }
    return numbered.toString();
  }
}
