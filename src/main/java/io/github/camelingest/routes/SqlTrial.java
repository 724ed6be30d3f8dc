package io.github.camelingest.routes;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelingest.batch.BatchRows;
import io.github.camelingest.load.JsonRows;
import io.github.camelingest.load.ObjectsEndpoint;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.sql.SqlEndpoint;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.UnmarshalDefinition;
import org.apache.camel.model.dataformat.CustomDataFormat;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Asks PostgreSQL whether it understands the SQL of routes, in transactions that are rolled back.
 * Belongs to one thread.
 */
final class SqlTrial {

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
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> notPrepared = new ArrayList<>();

  SqlTrial(Sources sources, CamelContext context) {
    this.sources = sources;
    this.context = context;
  }

  /** What is wrong with the SQL. */
  List<Problem> problems() {
    return problems.stream().distinct().toList();
  }

  /** Why PostgreSQL was not asked about some of it. */
  Optional<String> notPrepared() {
    return notPrepared.stream().findFirst();
  }

  /** Asks about the SQL of these steps. */
  void prepare(List<Steps.Step> steps, Database database) {
    Map<Route, List<Steps.Step>> routes = new LinkedHashMap<>();
    for (Steps.Step step : steps) {
      Trial.endpoint(step, SqlEndpoint.class)
          .filter(endpoint -> !endpoint.isUseMessageBodyForSql())
          .ifPresent(
              endpoint -> routes.computeIfAbsent(step.route(), r -> new ArrayList<>()).add(step));
    }
    if (routes.isEmpty()) {
      return;
    }
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      if (!hasLedger(connection)) {
        notPrepared.add("the database has no ledger yet; the first start makes it");
        return;
      }
      for (Map.Entry<Route, List<Steps.Step>> route : routes.entrySet()) {
        new Transaction(connection, route.getKey()).prepare(route.getValue());
        connection.rollback();
      }
    } catch (SQLException | IOException e) {
      notPrepared.add("PostgreSQL cannot be asked: " + Diagnosis.oneLine(e.getMessage()));
    }
  }

  private static boolean hasLedger(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet ledger =
            statement.executeQuery("select to_regclass('ingest.object') is not null")) {
      ledger.next();
      return ledger.getBoolean(1);
    }
  }

  /** The SQL of one route. */
  private final class Transaction {
    private final Connection connection;
    private final Route route;

    /** What the temporary table of the batch is called, where it could not be made; else null. */
    private String missing;

    Transaction(Connection connection, Route route) {
      this.connection = connection;
      this.route = route;
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
        SqlText text = SqlText.of(step, endpoint, sources);
        for (SqlText.Statement statement : text.statements()) {
          prepare(text, statement);
        }
      }
    }

    private void prepare(SqlText text, SqlText.Statement statement) throws SQLException {
      if (missing != null && statement.sql().contains(missing)) {
        notPrepared.add(
            "what rows the route '%s' makes is not known, so neither is the table %s"
                .formatted(route.getRouteId(), missing));
        return;
      }
      Savepoint before = connection.setSavepoint();
      try {
        if (TEMPORARY.matcher(statement.sql()).matches()) {
          execute(statement.sql());
        } else {
          describe(statement.sql());
        }
      } catch (SQLException e) {
        connection.rollback(before);
        judge(text, statement, e);
      }
    }

    private void describe(String sql) throws SQLException {
      try (PreparedStatement prepared = connection.prepareStatement(sql)) {
        prepared.getParameterMetaData();
      }
    }

    private void judge(SqlText text, SqlText.Statement statement, SQLException e)
        throws SQLException {
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
        problems.add(text.problem(statement.offset() + position, Diagnosis.oneLine(reason)));
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
    for (ProcessorDefinition<?> step : SqlParameters.steps(route)) {
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
}
