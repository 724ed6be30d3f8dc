package io.github.camelingest.fieldservice;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelingest.load.BadLineException;
import io.github.camelingest.load.Reason;
import java.io.IOException;
import java.math.BigDecimal;

/**
 * Fields that nobody asked for, as PostgreSQL's jsonb can hold them without loss. Depth is limited
 * by the parser.
 */
final class UnknownFields {

  /** PostgreSQL's manual, "Numeric Types": digits of a numeric before and after its point. */
  private static final int DIGITS_BEFORE_POINT = 131_072;

  private static final int DIGITS_AFTER_POINT = 16_383;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final JsonParser json;
  private ObjectNode fields;

  UnknownFields(JsonParser json) {
    this.json = json;
  }

  /** Null, if there is no such field. */
  JsonNode node() {
    return fields;
  }

  /** Reads the value that the parser stands on. */
  void read(String name) throws IOException {
    if (fields == null) {
      fields = NODES.objectNode();
    }
    read(fields, name, name);
  }

  private void read(ObjectNode object, String name, String path) throws IOException {
    check(name, path);
    if (object.has(name)) {
      throw bad(path, Reason.DUPLICATE_FIELD, "stands there twice");
    }
    object.set(name, value(path));
  }

  private JsonNode value(String path) throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> object(path);
      case START_ARRAY -> array(path);
      case VALUE_STRING -> NODES.textNode(check(json.getText(), path));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(path);
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      default -> NODES.nullNode();
    };
  }

  private ObjectNode object(String path) throws IOException {
    ObjectNode object = NODES.objectNode();
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      read(object, name, path + "." + name);
    }
    return object;
  }

  private ArrayNode array(String path) throws IOException {
    ArrayNode array = NODES.arrayNode();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(path));
    }
    return array;
  }

  /** Judged by precision and scale: written out, 1e999999999 would fill the heap. */
  private JsonNode number(String path) throws IOException {
    if (json.hasToken(JsonToken.VALUE_NUMBER_INT)
        && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      return NODES.numberNode(json.getLongValue());
    }
    BigDecimal number;
    try {
      number = new BigDecimal(json.getText());
    } catch (NumberFormatException e) {
      throw outOfRange(path);
    }
    long before = (long) number.precision() - number.scale();
    if (before > DIGITS_BEFORE_POINT || number.scale() > DIGITS_AFTER_POINT) {
      throw outOfRange(path);
    }
    return DecimalNode.valueOf(number);
  }

  private BadLineException outOfRange(String path) throws IOException {
    return bad(
        path,
        Reason.BAD_VALUE,
        "expected a number with up to %d digits before and %d after the decimal point, got %s"
            .formatted(
                DIGITS_BEFORE_POINT, DIGITS_AFTER_POINT, Quotation.shortened(json.getText())));
  }

  private String check(String text, String path) throws BadLineException {
    String unstorable = Characters.unstorable(text);
    if (unstorable != null) {
      throw bad(
          path, Reason.BAD_CHARACTER, "has %s, which PostgreSQL cannot hold".formatted(unstorable));
    }
    return text;
  }

  private BadLineException bad(String path, Reason reason, String message) {
    return BadLineException.about(Quotation.shortened(path), json, reason, message);
  }
}
