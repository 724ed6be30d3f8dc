package io.github.camelingest.batch;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.RecordComponent;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a class of rows becomes columns: of a record, one per component, named like it in snake case;
 * of JSON, the one column {@code json}; and {@code object_id} and {@code line} behind them.
 * Immutable and thread-safe.
 */
public final class RowType {

  private static final Map<Class<?>, String> SQL_TYPES =
      Map.of(
          int.class, "integer",
          String.class, "text",
          LocalDateTime.class, "timestamp",
          int[].class, "integer[]",
          JsonNode.class, "jsonb");

  private static final ClassValue<RowType> TYPES =
      new ClassValue<>() {
        @Override
        protected RowType computeValue(Class<?> type) {
          return new RowType(type);
        }
      };

  private final String names;
  private final String columns;
  private final MethodHandle[] accessors;

  private RowType(Class<?> type) {
    List<String> columnNames = new ArrayList<>();
    List<String> definitions = new ArrayList<>();
    List<MethodHandle> getters = new ArrayList<>();
    if (type == JsonNode.class) {
      columnNames.add("json");
      definitions.add("json " + SQL_TYPES.get(type));
      getters.add(MethodHandles.identity(Object.class));
    } else if (!type.isRecord()) {
      throw new IllegalArgumentException(
          "a row must be a record or a JSON object, but the route made a " + type.getName());
    } else {
      addComponents(type, columnNames, definitions, getters);
    }
    names = String.join(", ", columnNames) + ", object_id, line";
    columns = String.join(", ", definitions) + ", object_id bigint, line bigint";
    accessors = getters.toArray(MethodHandle[]::new);
  }

  private static void addComponents(
      Class<?> type,
      List<String> columnNames,
      List<String> definitions,
      List<MethodHandle> getters) {
    for (RecordComponent component : type.getRecordComponents()) {
      String sqlType = SQL_TYPES.get(component.getType());
      if (sqlType == null) {
        throw new IllegalArgumentException(
            "no column type for %s of %s".formatted(component.getName(), type.getName()));
      }
      String name = snakeCase(component.getName());
      columnNames.add(name);
      definitions.add(name + " " + sqlType);
      getters.add(getter(component));
    }
  }

  /**
   * @throws IllegalArgumentException if it is neither a record nor JSON
   */
  public static RowType of(Class<?> type) {
    return TYPES.get(JsonNode.class.isAssignableFrom(type) ? JsonNode.class : type);
  }

  /** Names of the columns, in the order in which rows are written. */
  String names() {
    return names;
  }

  /** Names and types of the columns, as {@code create table} wants them. */
  String columns() {
    return columns;
  }

  /** Writes a row in PostgreSQL's binary COPY format. */
  void write(Object row, long objectId, long line, CopyBuffer out) {
    out.columns(accessors.length + 2);
    try {
      for (MethodHandle accessor : accessors) {
        out.value((Object) accessor.invokeExact(row));
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    out.value(objectId);
    out.value(line);
  }

  /** The columns of a row by their names, in order, without {@code object_id} and {@code line}. */
  public Map<String, Object> values(Object row) {
    Map<String, Object> values = new LinkedHashMap<>();
    String[] columnNames = names.split(", ");
    try {
      for (int i = 0; i < accessors.length; i++) {
        values.put(columnNames[i], (Object) accessors[i].invokeExact(row));
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    return values;
  }

  private static MethodHandle getter(RecordComponent component) {
    try {
      MethodHandle handle = MethodHandles.publicLookup().unreflect(component.getAccessor());
      return handle.asType(handle.type().generic());
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException(
          "a row must be a public record: " + component.getDeclaringRecord(), e);
    }
  }

  private static String snakeCase(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}
