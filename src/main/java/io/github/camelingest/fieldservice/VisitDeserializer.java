package io.github.camelingest.fieldservice;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import io.github.camelingest.load.BadLineException;
import io.github.camelingest.load.Characters;
import io.github.camelingest.load.JsonFields;
import io.github.camelingest.load.Quotation;
import io.github.camelingest.load.Reason;
import java.io.IOException;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Reads a {@link Visit} from JSON. What is wrong with a field is said by a {@link BadLineException}
 * that names it; what is no JSON, by the parser.
 */
final class VisitDeserializer extends StdDeserializer<Visit> {

  private static final long serialVersionUID = 1L;

  private static final int[] NO_WORDS = {};

  VisitDeserializer() {
    super(Visit.class);
  }

  @Override
  public Visit deserialize(JsonParser json, DeserializationContext context) throws IOException {
    if (!json.isExpectedStartObjectToken()) {
      throw BadLineException.notObject(json);
    }
    Fields fields = new Fields(json);
    try {
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        fields.read(name);
      }
    } catch (StreamConstraintsException e) {
      throw JsonFields.named(e, json);
    }
    return fields.visit();
  }

  /** The line is {@code null}. */
  @Override
  public Visit getNullValue(DeserializationContext context) throws JsonMappingException {
    throw BadLineException.notObject(context.getParser());
  }

  /** The fields read so far; null is a field that is missing. */
  private static final class Fields {
    private final JsonParser json;
    private final JsonFields unknown;

    /** Of the field that is being read. */
    private String name;

    private Integer taskId;
    private Integer visitNo;
    private Integer nodeId;
    private LocalDateTime visitDate;
    private LocalDateTime visitDateWithColon;
    private LocalDateTime originalReportedDate;
    private Integer nodeAge;
    private Integer nodeType;
    private Integer taskType;
    private Integer skillLevel;
    private String outcome;
    private int[] noteTokens;

    Fields(JsonParser json) {
      this.json = json;
      unknown = new JsonFields(json);
    }

    void read(String name) throws IOException {
      this.name = name;
      switch (name) {
        case "task_id" -> taskId = once(taskId, prefixed("TASK"));
        case "visit_id" -> visitNo = once(visitNo, number(1));
        case "node_id" -> nodeId = once(nodeId, prefixed("NODE"));
        case "visit_date" -> visitDate = once(visitDate, time());
        case "visit_date:" -> visitDateWithColon = once(visitDateWithColon, time());
        case "original_reported_date" -> originalReportedDate = once(originalReportedDate, time());
        case "node_age" -> nodeAge = once(nodeAge, number(0));
        case "node_type" -> nodeType = once(nodeType, prefixed("TYPE"));
        case "task_type" -> taskType = once(taskType, prefixed("TASK"));
        case "engineer_skill_level" -> skillLevel = once(skillLevel, prefixed("LEVEL"));
        case "outcome" -> outcome = once(outcome, text(VisitDeserializer::outcome));
        case "engineer_note" -> noteTokens = once(noteTokens, text(VisitDeserializer::words));
        default -> unknown.read(name);
      }
    }

    Visit visit() throws BadLineException {
      if (visitDate == null) {
        visitDate = visitDateWithColon;
      } else if (visitDateWithColon != null && !visitDate.equals(visitDateWithColon)) {
        throw bad(
            "visit_date",
            Reason.DUPLICATE_FIELD,
            "not the same as 'visit_date:'; keep one of them");
      }
      return new Visit(
          present(taskId, "task_id"),
          present(visitNo, "visit_id"),
          present(nodeId, "node_id"),
          present(visitDate, "visit_date"),
          present(originalReportedDate, "original_reported_date"),
          present(nodeAge, "node_age"),
          present(nodeType, "node_type"),
          present(taskType, "task_type"),
          present(skillLevel, "engineer_skill_level"),
          present(outcome, "outcome"),
          present(noteTokens, "engineer_note"),
          unknown.node());
    }

    private <T> T once(T earlier, T value) throws BadLineException {
      if (earlier != null) {
        throw bad(name, Reason.DUPLICATE_FIELD, "stands there twice");
      }
      return value;
    }

    private <T> T present(T value, String name) throws BadLineException {
      if (value == null) {
        throw bad(name, Reason.MISSING_FIELD, "missing");
      }
      return value;
    }

    private int prefixed(String prefix) throws IOException {
      return text(text -> PrefixedNumber.parse(prefix, text));
    }

    private LocalDateTime time() throws IOException {
      return text(VisitTime::parse);
    }

    private int number(int least) throws IOException {
      expect(JsonToken.VALUE_NUMBER_INT, "a whole number");
      if (json.getNumberType() != JsonParser.NumberType.INT || json.getIntValue() < least) {
        throw bad(
            name,
            Reason.BAD_VALUE,
            "expected a number from %d to %d, got %s".formatted(least, Integer.MAX_VALUE, shown()));
      }
      return json.getIntValue();
    }

    private <T> T text(Function<String, T> meaning) throws IOException {
      expect(JsonToken.VALUE_STRING, "text");
      String text = json.getText();
      try {
        return meaning.apply(text);
      } catch (IllegalArgumentException e) {
        throw Characters.unstorable(text) == null
            ? bad(name, Reason.BAD_VALUE, e.getMessage())
            : bad(name, Reason.BAD_CHARACTER, e.getMessage());
      }
    }

    private void expect(JsonToken token, String kind) throws IOException {
      if (json.hasToken(JsonToken.VALUE_NULL)) {
        throw bad(name, Reason.MISSING_FIELD, "null");
      }
      if (!json.hasToken(token)) {
        throw bad(name, Reason.WRONG_TYPE, "expected %s, got %s".formatted(kind, shown()));
      }
    }

    private String shown() throws IOException {
      return switch (json.currentToken()) {
        case START_OBJECT -> "an object";
        case START_ARRAY -> "an array";
        case VALUE_STRING -> "\"%s\"".formatted(Quotation.shortened(json.getText()));
        default -> Quotation.shortened(json.getText());
      };
    }

    private BadLineException bad(String field, Reason reason, String message) {
      return BadLineException.about(field, json, reason, message);
    }
  }

  private static String outcome(String text) {
    if (!text.equals("SUCCESS") && !text.equals("FAIL")) {
      throw new IllegalArgumentException(
          "expected SUCCESS or FAIL, got '%s'".formatted(Quotation.shortened(text)));
    }
    return text;
  }

  private static int[] words(String note) {
    // A word and the blank behind it are two characters at least.
    int[] tokens = new int[(note.length() + 1) / 2];
    int count = 0;
    int start = 0;
    for (int i = 0; i <= note.length(); i++) {
      if (i == note.length() || isBlank(note.charAt(i))) {
        if (i > start) {
          tokens[count++] = PrefixedNumber.parse(note, start, i);
        }
        start = i + 1;
      }
    }
    return count == 0 ? NO_WORDS : Arrays.copyOf(tokens, count);
  }

  private static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }
}
