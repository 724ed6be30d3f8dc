package io.github.camelingest.fieldservice;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyName;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads a {@link Visit} from JSON. Every exception is Jackson's, names the field and says what was
 * expected; none shows a Java class.
 */
final class VisitDeserializer extends StdDeserializer<Visit> {

  private static final long serialVersionUID = 1L;

  private static final DateTimeFormatter DATE_TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd")
          .optionalStart()
          .appendPattern(" HH:mm:ss")
          .optionalEnd()
          .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
          .toFormatter()
          .withResolverStyle(ResolverStyle.STRICT);

  private static final int[] NO_WORDS = {};

  VisitDeserializer() {
    super(Visit.class);
  }

  @Override
  public Visit deserialize(JsonParser json, DeserializationContext context) throws IOException {
    if (!json.isExpectedStartObjectToken()) {
      throw MismatchedInputException.from(json, Visit.class, "expected an object");
    }
    Fields fields = new Fields();
    String name;
    while ((name = json.nextFieldName()) != null) {
      if (json.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      try {
        fields.read(name, json, context);
      } catch (JsonMappingException e) {
        e.prependPath(Visit.class, name);
        throw e;
      }
    }
    return fields.visit(context);
  }

  /** The fields read so far; null is a field that is missing or null. */
  private static final class Fields {
    private Integer taskId;
    private Integer visitNo;
    private Integer nodeId;
    private LocalDateTime visitDate;
    private LocalDateTime originalReportedDate;
    private Integer nodeAge;
    private Integer nodeType;
    private Integer taskType;
    private Integer skillLevel;
    private String outcome;
    private int[] noteTokens;
    private ObjectNode rest;

    void read(String name, JsonParser json, DeserializationContext context) throws IOException {
      switch (name) {
        case "task_id" -> taskId = prefixed("TASK", json);
        case "visit_id" -> visitNo = number(json, 1);
        case "node_id" -> nodeId = prefixed("NODE", json);
        case "visit_date", "visit_date:" -> visitDate = dateTime(json);
        case "original_reported_date" -> originalReportedDate = dateTime(json);
        case "node_age" -> nodeAge = number(json, 0);
        case "node_type" -> nodeType = prefixed("TYPE", json);
        case "task_type" -> taskType = prefixed("TASK", json);
        case "engineer_skill_level" -> skillLevel = prefixed("LEVEL", json);
        case "outcome" -> outcome = outcome(json);
        case "engineer_note" -> noteTokens = text(json, VisitDeserializer::words);
        default -> keep(name, json, context);
      }
    }

    private void keep(String name, JsonParser json, DeserializationContext context)
        throws IOException {
      if (rest == null) {
        rest = JsonNodeFactory.instance.objectNode();
      }
      // The parser's own way takes what follows the value for a mistake.
      JsonNode value = context.readTree(json);
      if (hasNul(name, value)) {
        throw InvalidFormatException.from(
            json, "has the character U+0000, which PostgreSQL cannot hold", null, Visit.class);
      }
      rest.set(name, value);
    }

    private static boolean hasNul(String name, JsonNode value) {
      if (name.indexOf('\0') >= 0 || value.asText().indexOf('\0') >= 0) {
        return true;
      }
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        if (hasNul(field.getKey(), field.getValue())) {
          return true;
        }
      }
      for (JsonNode element : value) {
        if (hasNul("", element)) {
          return true;
        }
      }
      return false;
    }

    Visit visit(DeserializationContext context) throws IOException {
      return new Visit(
          present(taskId, "task_id", context),
          present(visitNo, "visit_id", context),
          present(nodeId, "node_id", context),
          present(visitDate, "visit_date", context),
          present(originalReportedDate, "original_reported_date", context),
          present(nodeAge, "node_age", context),
          present(nodeType, "node_type", context),
          present(taskType, "task_type", context),
          present(skillLevel, "engineer_skill_level", context),
          present(outcome, "outcome", context),
          present(noteTokens, "engineer_note", context),
          rest);
    }
  }

  private static <T> T present(T value, String name, DeserializationContext context)
      throws InvalidNullException {
    if (value != null) {
      return value;
    }
    PropertyName field = PropertyName.construct(name);
    InvalidNullException missing =
        InvalidNullException.from(context, field, context.constructType(Visit.class));
    missing.prependPath(Visit.class, name);
    throw missing;
  }

  private static int prefixed(String prefix, JsonParser json) throws IOException {
    return text(json, text -> PrefixedNumber.parse(prefix, text));
  }

  private static int number(JsonParser json, int least) throws IOException {
    if (!json.hasToken(JsonToken.VALUE_NUMBER_INT)) {
      throw MismatchedInputException.from(
          json, Visit.class, "expected a whole number, got " + shown(json));
    }
    if (json.getNumberType() != JsonParser.NumberType.INT || json.getIntValue() < least) {
      throw InvalidFormatException.from(
          json,
          "expected a number from %d to %d, got %s"
              .formatted(least, Integer.MAX_VALUE, shown(json)),
          null,
          Visit.class);
    }
    return json.getIntValue();
  }

  private static LocalDateTime dateTime(JsonParser json) throws IOException {
    return text(json, VisitDeserializer::parseDateTime);
  }

  private static LocalDateTime parseDateTime(String text) {
    try {
      return LocalDateTime.parse(text, DATE_TIME);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "expected a date like 2020-02-26 or 2020-02-26 13:30:00, got '%s'".formatted(text), e);
    }
  }

  private static String outcome(JsonParser json) throws IOException {
    return text(
        json,
        text -> {
          if (!text.equals("SUCCESS") && !text.equals("FAIL")) {
            throw new IllegalArgumentException(
                "expected SUCCESS or FAIL, got '%s'".formatted(text));
          }
          return text;
        });
  }

  private static int[] words(String note) {
    if (note.isBlank()) {
      return NO_WORDS;
    }
    String[] words = note.strip().split(" +");
    int[] tokens = new int[words.length];
    for (int i = 0; i < words.length; i++) {
      tokens[i] = PrefixedNumber.parse("", words[i]);
    }
    return tokens;
  }

  private static <T> T text(JsonParser json, Function<String, T> meaning) throws IOException {
    if (!json.hasToken(JsonToken.VALUE_STRING)) {
      throw MismatchedInputException.from(json, Visit.class, "expected text, got " + shown(json));
    }
    try {
      return meaning.apply(json.getText());
    } catch (IllegalArgumentException e) {
      throw InvalidFormatException.from(json, e.getMessage(), null, Visit.class);
    }
  }

  private static String shown(JsonParser json) throws IOException {
    return json.currentToken().isStructStart() ? "an object or array" : json.getText();
  }
}
