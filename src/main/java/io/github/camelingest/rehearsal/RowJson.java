package io.github.camelingest.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelingest.batch.RowType;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;

/** Rows as a person may write them: as JSON, with times as PostgreSQL shows them. */
final class RowJson {

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
          .toFormatter();

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private RowJson() {}

  /**
   * @param row a record, or a JSON object
   * @return a field per column, null included, and {@code line}
   */
  static ObjectNode of(long line, Object row) {
    ObjectNode json = JSON.objectNode();
    RowType.of(row.getClass())
        .values(row)
        .forEach((column, value) -> json.set(column, value(value)));
    return json.put("line", line);
  }

  private static JsonNode value(Object value) {
    if (value == null) {
      return JSON.nullNode();
    }
    if (value instanceof JsonNode json) {
      return json;
    }
    if (value instanceof LocalDateTime time) {
      return JSON.textNode(TIME.format(time));
    }
    if (value instanceof int[] numbers) {
      ArrayNode array = JSON.arrayNode();
      for (int number : numbers) {
        array.add(number);
      }
      return array;
    }
    return value instanceof Integer number
        ? JSON.numberNode(number)
        : JSON.textNode(value.toString());
  }
}
