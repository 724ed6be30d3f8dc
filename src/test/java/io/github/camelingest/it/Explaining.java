package io.github.camelingest.it;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * A data source that asks PostgreSQL for the plan of each statement, with its parameters, before it
 * is executed. Not thread-safe.
 */
final class Explaining extends AbstractDataSource {

  private final DataSource database;
  private final List<String> plans = new ArrayList<>();

  Explaining(DataSource database) {
    this.database = database;
  }

  /** Plans since the last call, one a statement. */
  List<String> plans() {
    List<String> taken = List.copyOf(plans);
    plans.clear();
    return taken;
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = database.getConnection();
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              Object result = call(connection, method, arguments);
              return result instanceof PreparedStatement statement
                  ? explained(connection, (String) arguments[0], statement)
                  : result;
            });
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new UnsupportedOperationException();
  }

  private record Setting(Method method, Object[] arguments) {}

  private PreparedStatement explained(
      Connection connection, String sql, PreparedStatement statement) {
    List<Setting> settings = new ArrayList<>();
    return (PreparedStatement)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {PreparedStatement.class},
            (proxy, method, arguments) -> {
              if (method.getName().startsWith("set")) {
                settings.add(new Setting(method, arguments));
              } else if (method.getName().startsWith("execute") && !sql.startsWith("set ")) {
                plans.add(plan(connection, sql, settings));
              }
              return call(statement, method, arguments);
            });
  }

  private static String plan(Connection connection, String sql, List<Setting> settings)
      throws Throwable {
    try (PreparedStatement explain = connection.prepareStatement("explain " + sql)) {
      for (Setting setting : settings) {
        call(explain, setting.method(), setting.arguments());
      }
      StringBuilder plan = new StringBuilder();
      try (ResultSet lines = explain.executeQuery()) {
        while (lines.next()) {
          plan.append(lines.getString(1)).append('\n');
        }
      }
      return plan.toString();
    }
  }

  private static Object call(Object target, Method method, Object... arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
