package io.github.camelingest.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelingest.load.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a case says of one line.
 *
 * @param line its number; 0 for a row that does not say which line it is of
 */
sealed interface Expectation {

  long line();

  Place place();

  /** Where the outcome is otherwise. */
  Stream<Difference> differences(long line, LineOutcome outcome);

  /** It becomes a row, of which some columns are told. */
  record Row(long line, Place place, Map<String, YamlValue> columns) implements Expectation {

    static final String LINE = "line";

    static Row of(YamlValue yaml) {
      Map<String, YamlValue> columns = yaml.fields("a row");
      YamlValue line = columns.get(LINE);
      return new Row(line == null ? 0 : line.lineNumber(), yaml.place(), columns);
    }

    @Override
    public Stream<Difference> differences(long line, LineOutcome outcome) {
      if (!(outcome instanceof LineOutcome.Row row)) {
        return Stream.of(new Difference(place, line, null, "a row", outcome.toString()));
      }
      return columns.entrySet().stream()
          .flatMap(column -> difference(line, column.getKey(), column.getValue(), row));
    }

    private static Stream<Difference> difference(
        long line, String column, YamlValue expected, LineOutcome.Row row) {
      JsonNode actual = row.columns().get(column);
      JsonNode wanted = expected.json();
      if (actual != null && matches(wanted, actual)) {
        return Stream.empty();
      }
      return Stream.of(
          new Difference(
              expected.place(),
              line,
              column,
              wanted.toString(),
              actual == null ? "no such column; there are " + names(row) : actual.toString()));
    }

    private static String names(LineOutcome.Row row) {
      return row.columns().properties().stream()
          .map(Map.Entry::getKey)
          .collect(Collectors.joining(", "));
    }

    /** Of an object, only the fields that are named; numbers by their value. */
    private static boolean matches(JsonNode expected, JsonNode actual) {
      if (expected.isObject() && actual.isObject()) {
        return expected.properties().stream()
            .allMatch(
                field ->
                    actual.has(field.getKey())
                        ? matches(field.getValue(), actual.get(field.getKey()))
                        : field.getValue().isNull());
      }
      if (expected.isArray() && actual.isArray()) {
        return expected.size() == actual.size()
            && Stream.iterate(0, i -> i < expected.size(), i -> i + 1)
                .allMatch(i -> matches(expected.get(i), actual.get(i)));
      }
      return expected.isNumber() && actual.isNumber()
          ? expected.decimalValue().compareTo(actual.decimalValue()) == 0
          : expected.equals(actual);
    }
  }

  /**
   * It is rejected.
   *
   * @param reason its code, or null for any
   * @param message part of the message, or null for any
   */
  record Rejected(long line, Place place, String reason, String message) implements Expectation {

    private static final List<String> KEYS = List.of("line", "reason", "message");
    private static final List<String> REASONS =
        Arrays.stream(Reason.values())
            // Nobody asks PostgreSQL.
            .filter(reason -> reason != Reason.REFUSED)
            .map(Reason::code)
            .toList();

    static Rejected of(YamlValue yaml) {
      Map<String, YamlValue> fields = yaml.fields("a rejected line", KEYS);
      if (!fields.containsKey("line")) {
        throw yaml.wrong("a rejected line needs 'line', its number");
      }
      YamlValue reason = fields.get("reason");
      if (reason != null && !REASONS.contains(reason.text("a reason"))) {
        throw reason.wrong(
            "'%s' is no reason; there are %s"
                .formatted(reason.text("a reason"), String.join(", ", REASONS)));
      }
      return new Rejected(
          fields.get("line").lineNumber(), yaml.place(), text(reason), text(fields.get("message")));
    }

    private static String text(YamlValue value) {
      return value == null ? null : value.text("this");
    }

    @Override
    public Stream<Difference> differences(long number, LineOutcome outcome) {
      boolean met =
          outcome instanceof LineOutcome.Rejected rejected
              && (reason == null || reason.equals(rejected.line().reason()))
              && (message == null || rejected.line().message().contains(message));
      return met
          ? Stream.empty()
          : Stream.of(new Difference(place, number, null, expected(), outcome.toString()));
    }

    private String expected() {
      return Stream.of("rejected", reason, message)
          .filter(part -> part != null)
          .collect(Collectors.joining(": "));
    }
  }

  /** A step of the route leaves it out. */
  record Filtered(long line, Place place) implements Expectation {

    static Filtered of(YamlValue yaml) {
      return new Filtered(yaml.lineNumber(), yaml.place());
    }

    @Override
    public Stream<Difference> differences(long number, LineOutcome outcome) {
      return outcome instanceof LineOutcome.Filtered
          ? Stream.empty()
          : Stream.of(new Difference(place, number, null, "filtered", outcome.toString()));
    }
  }
}
