package io.github.camelingest.load;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;

/**
 * Fields of a line's object, as PostgreSQL's jsonb can hold them without loss. What it cannot hold
 * is a {@link BadLineException} that names the field; depth is limited by the parser. Not
 * thread-safe.
 */
public final class JsonFields {

  /** PostgreSQL's manual, "Numeric Types": digits of a numeric before and after its point. */
  private static final int DIGITS_BEFORE_POINT = 131_072;

  private static final int DIGITS_AFTER_POINT = 16_383;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final JsonParser json;
  private ObjectNode fields;

  /**
   * @param json stands within the object
   */
  public JsonFields(JsonParser json) {
    this.json = json;
  }

  /** The fields read so far; null, if there are none. */
  public ObjectNode node() {
    return fields;
  }

  /** Reads the value that the parser stands on, as that of a field of the line's object. */
  public void read(String name) throws IOException {
    if (fields == null) {
      fields = NODES.objectNode();
    }
    read(fields, name, name);
  }

  /**
   * Names the field in which a limit of the parser is passed: that of the line's object, not of an
   * object within it.
   */
  public static JsonProcessingException named(StreamConstraintsException limit, JsonParser json) {
    JsonStreamContext context = json.getParsingContext();
    while (!context.getParent().inRoot()) {
      context = context.getParent();
    }
    String field = context.getCurrentName();
    return field == null
        ? limit
        : JsonMappingException.wrapWithPath(limit, ObjectNode.class, field);
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
