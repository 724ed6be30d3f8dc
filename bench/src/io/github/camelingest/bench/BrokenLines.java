package io.github.camelingest.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;

/** Ways in which lines of visits are broken, each with its reason in the ledger. */
final class BrokenLines {

  /** One way to break a line. */
  record Way(String reason, UnaryOperator<String> breaking) {

    /** The broken line; characters of the line stand for bytes. */
    byte[] of(String visit) {
      return breaking.apply(visit).getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  static final List<Way> WAYS =
      List.of(
          new Way("not_utf8", v -> v.replace("TASK", "T\u00e4SK")),
          new Way("bad_character", v -> v.replace("NODE", "NODE\0")),
          new Way("bad_character", v -> added(v, "\"remark\": \"\\u0000\"")),
          new Way("bad_character", v -> added(v, "\"remark\": \"\\ud83d\"")),
          new Way("not_json", v -> v.substring(0, v.length() / 2)),
          new Way("not_json", v -> "2020-02-26 13:30:00 INFO uploaded"),
          new Way("not_json", v -> v.replace('"', '\'')),
          new Way("not_json", v -> v.replace("}", ",}")),
          new Way("not_json", v -> v + v),
          new Way("not_json", v -> added(v, "\"remark\": NaN")),
          new Way("not_json", v -> v.replace("\"node_age\": ", "\"node_age\": 0")),
          new Way("not_object", v -> "[" + v + "]"),
          new Way("not_object", v -> "null"),
          new Way("over_limit", v -> added(v, "\"remark\": " + "[".repeat(200) + "]".repeat(200))),
          new Way("over_limit", v -> added(v, "\"remark\": " + "1".repeat(1_100))),
          new Way("missing_field", v -> v.replaceFirst("\"node_age\": \\d+, ", "")),
          new Way("missing_field", v -> v.replaceFirst("\"TYPE\\d+\"", "null")),
          new Way("duplicate_field", v -> added(v, "\"outcome\": \"FAIL\"")),
          new Way("duplicate_field", v -> added(v, "\"visit_date\": \"1999-12-31\"")),
          new Way("wrong_type", v -> v.replaceFirst("\"NODE(\\d+)\"", "$1")),
          new Way(
              "wrong_type", v -> v.replaceFirst("\"node_age\": (\\d+)", "\"node_age\": \"$1\"")),
          new Way("wrong_type", v -> v.replaceFirst("\"visit_id\": (\\d+)", "\"visit_id\": $1.0")),
          new Way("bad_value", v -> v.replaceFirst("\"NODE", "\"")),
          new Way("bad_value", v -> v.replaceFirst("\"LEVEL", "\"level")),
          new Way("bad_value", v -> v.replaceFirst("\"node_age\": ", "\"node_age\": -")),
          new Way("bad_value", v -> v.replaceFirst("\\d{4}-\\d\\d-\\d\\d", "2020-02-30")),
          new Way("bad_value", v -> v.replaceFirst("\\d{4}-\\d\\d-\\d\\d", "0000-00-00")),
          new Way("bad_value", v -> v.replaceFirst("\"(SUCCESS|FAIL)\"", "\"DONE\"")),
          new Way("bad_value", v -> v.replace("_note\": \"", "_note\": \"see below ")),
          new Way("bad_value", v -> added(v, "\"remark\": 1e200000")));

  private BrokenLines() {}

  private static String added(String visit, String field) {
    return visit.substring(0, visit.length() - 1) + ", " + field + "}";
  }
}
