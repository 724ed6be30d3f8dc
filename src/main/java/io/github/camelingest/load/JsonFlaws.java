package io.github.camelingest.load;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What Jackson finds wrong with a line, in words for the author of the line, who knows neither Java
 * nor Jackson.
 */
final class JsonFlaws {

  private static final Pattern HALF_CHARACTER =
      Pattern.compile("Broken surrogate pair|Unexpected low surrogate");

  private static final String CHARACTER =
      "Unexpected character \\('(\\p{ASCII})' \\(code \\d+\\)\\)";

  /**
   * How Jackson's messages begin, and what they mean; those that are not here (its next version may
   * have others) mean no more than that the text is not JSON.
   */
  private static final List<Translation> TRANSLATIONS =
      List.of(
          new Translation("Unexpected close marker '(.)'", "unexpected '$1'"),
          new Translation(
              CHARACTER + ": maybe a .*comment", "unexpected '$1': JSON has no comments"),
          new Translation(
              CHARACTER + "(?: in numeric value)?: ([^(:`]*\\w)", "unexpected '$1': $2"),
          new Translation("Unexpected character|Invalid UTF-8 ", "unexpected character"),
          new Translation("Unrecognized token '([^']{1,40})", "unexpected word '$1'"),
          new Translation("Non-standard token '(-?\\w{1,20})'", "$1 is no number in JSON"),
          new Translation(
              "Illegal (?:unquoted )?character \\(\\(CTRL-CHAR, code (\\d+)\\)\\)",
              "control character with the code $1: write it as an escape, and only in text"),
          new Translation("Unrecognized character escape '(.)'", "unknown escape '\\\\$1'"),
          new Translation("Unrecognized character escape ", "unknown escape"),
          new Translation("Invalid numeric value: Leading zeroes", "a number with a leading zero"));

  private JsonFlaws() {}

  static Flaw of(JsonProcessingException complaint) {
    JsonProcessingException root = root(complaint);
    if (root instanceof BadLineException badLine) {
      return new Flaw(badLine.reason(), badLine.getOriginalMessage());
    }
    String original = Objects.requireNonNullElse(root.getOriginalMessage(), "");
    if (root instanceof StreamConstraintsException) {
      return new Flaw(Reason.OVER_LIMIT, limit(original, field(complaint)));
    }
    if (HALF_CHARACTER.matcher(original).lookingAt()) {
      return new Flaw(
          Reason.BAD_CHARACTER,
          "half a character (an escape from \\ud800 to \\udfff alone)%s".formatted(column(root)));
    }
    if (root instanceof JsonParseException) {
      return new Flaw(Reason.NOT_JSON, "not JSON%s: %s".formatted(column(root), words(root)));
    }
    if (original.startsWith("Trailing token")) {
      return new Flaw(
          Reason.NOT_JSON, "not JSON%s: more follows behind the object".formatted(column(root)));
    }
    return field(complaint).isEmpty()
        ? new Flaw(Reason.NOT_OBJECT, BadLineException.EXPECTED_OBJECT)
        : aboutField(root, field(complaint));
  }

  /** Jackson wraps what happens within a field. */
  private static JsonProcessingException root(JsonProcessingException complaint) {
    Throwable root = complaint;
    while (root.getCause() instanceof JsonProcessingException cause) {
      root = cause;
    }
    return (JsonProcessingException) root;
  }

  private static String limit(String original, String field) {
    if (original.startsWith("Document nesting")) {
      return field + "nested deeper than " + JsonLines.MAX_DEPTH;
    }
    if (original.startsWith("Number")) {
      return field + "a number of more than %d characters".formatted(JsonLines.MAX_NUMBER_LENGTH);
    }
    if (original.startsWith("Name length")) {
      return "a field name of more than %d bytes".formatted(JsonLines.MAX_NAME_LENGTH);
    }
    return field + "larger than JSON may be here";
  }

  /** What Jackson's own reading of a record has to say. */
  private static Flaw aboutField(JsonProcessingException complaint, String field) {
    if (complaint instanceof InvalidNullException) {
      return new Flaw(Reason.MISSING_FIELD, field + "missing or null");
    }
    if (complaint instanceof UnrecognizedPropertyException) {
      return new Flaw(Reason.BAD_VALUE, field + "no field of this dataset");
    }
    return complaint instanceof InvalidFormatException
            || complaint instanceof InputCoercionException
        ? new Flaw(Reason.BAD_VALUE, field + "not a value that this field can have")
        : new Flaw(Reason.WRONG_TYPE, field + "not the kind of value that this field has");
  }

  private static String words(JsonProcessingException complaint) {
    if (complaint instanceof JsonEOFException) {
      return "the line ends before the object does";
    }
    return TRANSLATIONS.stream()
        .map(translation -> translation.of(complaint.getOriginalMessage()))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse("cannot be read");
  }

  /** Bytes, from 1: a lone CR would begin a new line for Jackson. */
  private static String column(JsonProcessingException complaint) {
    return complaint.getLocation() == null || complaint.getLocation().getByteOffset() < 0
        ? ""
        : " at column " + (complaint.getLocation().getByteOffset() + 1);
  }

  private static String field(JsonProcessingException complaint) {
    if (!(complaint instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
      return "";
    }
    return mapping.getPath().stream()
        .map(JsonMappingException.Reference::getFieldName)
        .filter(Objects::nonNull)
        .collect(Collectors.joining(".", "", ": "));
  }

  /**
   * @param start how a message begins, as a regular expression
   * @param words what it means, with the groups of the expression
   */
  private record Translation(Pattern start, String words) {

    Translation(String start, String words) {
      this(Pattern.compile("(?:" + start + ").*", Pattern.DOTALL), words);
    }

    /** The meaning of a message, or null if it begins otherwise. */
    String of(String message) {
      Matcher matcher = start.matcher(message);
      return matcher.matches() ? matcher.replaceFirst(words) : null;
    }
  }
}
