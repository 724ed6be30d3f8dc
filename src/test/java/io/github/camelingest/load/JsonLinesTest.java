package io.github.camelingest.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as JSON; the value under test is that of a field that nobody asked for. */
class JsonLinesTest {

  static final String VISIT =
      """
      {"task_id": "TASK7", "node_id": "NODE94", "visit_id": 2, "visit_date:": "2020-02-26 13:30:05",\
       "original_reported_date": "2020-02-17", "node_age": 9, "node_type": "TYPE3", "task_type": "TASK5",\
       "engineer_skill_level": "LEVEL1", "engineer_note": "334 156  8 19", "outcome": "FAIL"}\
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"\" | \"\"",
        "\" a\\tb \" | \" a\\tb \"",
        "\"\\u00e9\\ud83d\\ude00\" | \"é😀\"",
        "\"é日😀\uFEFF\u007f\" | \"é日😀\uFEFF\u007f\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\" | \"\\\"\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\\\u0000\" | \"\\\\u0000\"",
        "{} | {}",
        "[] | []",
        "[[], {\"\": [null, true, false]}] | [[],{\"\":[null,true,false]}]",
        "null | null",
        "0 | 0",
        "-0 | 0",
        "9223372036854775807 | 9223372036854775807",
        "-9223372036854775809 | -9223372036854775809",
        "123456789012345678901234567890 | 123456789012345678901234567890",
        "0.1234567890123456789012 | 0.1234567890123456789012",
        "1.10 | 1.10",
        "1E400 | 1E+400",
        "1e-400 | 1E-400",
        "1e131071 | 1E+131071",
        "1e-16383 | 1E-16383"
      })
  void valuesArriveWithoutLoss(String value, String stored) {
    assertThat(withExtra(value).visit().rest().toString()).isEqualTo("{\"extra\":" + stored + "}");
  }

  @Test
  void blanksAndLoneCrBetweenTokensAreNothing() {
    assertThat(Trial.visit("\t \r" + VISIT.replace(": ", " \t:\r ") + " \r\r\n").visit().nodeAge())
        .isEqualTo(9);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "tru | not JSON at column 11: unexpected word 'tru'",
        "True | not JSON at column 11: unexpected word 'True'",
        "nul | not JSON at column 11: unexpected word 'nul'",
        "undefined | not JSON at column 11: unexpected word 'undefined'",
        "NaN | not JSON at column 14: NaN is no number in JSON",
        "Infinity | not JSON at column 19: Infinity is no number in JSON",
        "-Infinity | not JSON at column 20: -Infinity is no number in JSON",
        "01 | not JSON at column 12: a number with a leading zero",
        "-01 | not JSON at column 13: a number with a leading zero",
        "+1 | not JSON at column 12: unexpected '+': JSON spec does not allow numbers to have plus signs",
        ".5 | not JSON at column 11: unexpected '.': expected a valid value",
        "1. | not JSON at column 13: unexpected ',': Decimal point not followed by a digit",
        "1.e2 | not JSON at column 13: unexpected 'e': Decimal point not followed by a digit",
        "1e | not JSON at column 13: unexpected ',': Exponent indicator not followed by a digit",
        "1e+ | not JSON at column 14: unexpected ',': Exponent indicator not followed by a digit",
        "- | not JSON at column 12: unexpected ',': expected digit",
        "0x1F | not JSON at column 12: unexpected 'x': was expecting comma to separate Object entries",
        "1a | not JSON at column 12: unexpected 'a': was expecting comma to separate Object entries",
        "1 1 | not JSON at column 13: unexpected '1': was expecting comma to separate Object entries",
        "'text' | not JSON at column 11: unexpected ''': expected a valid value",
        "[1,] | not JSON at column 14: unexpected ']': expected a value",
        "[1 2] | not JSON at column 14: unexpected '2': was expecting comma to separate Array entries",
        "[1} | not JSON at column 13: unexpected '}'",
        "{\"a\" 1} | not JSON at column 16: unexpected '1': was expecting a colon to separate field name and value",
        "{\"a\": 1,} | not JSON at column 19: unexpected '}': was expecting double-quote to start field name",
        "{a: 1} | not JSON at column 12: unexpected 'a': was expecting double-quote to start field name",
        "{'a': 1} | not JSON at column 12: unexpected ''': was expecting double-quote to start field name",
        "{1: 1} | not JSON at column 12: unexpected '1': was expecting double-quote to start field name",
        "1 /* one */ | not JSON at column 13: unexpected '/': JSON has no comments",
        "1 # one | not JSON at column 13: unexpected '#': was expecting comma to separate Object entries",
        "\"\\x\" | not JSON at column 13: unknown escape '\\x'",
        "\"\\\t\" | not JSON at column 13: unknown escape",
        "\"\\'\" | not JSON at column 13: unknown escape '\\''",
        "\"\\u12\" | not JSON at column 16: unexpected '\"': expected a hex-digit for character escape sequence",
        "\"\\u12G4\" | not JSON at column 16: unexpected 'G': expected a hex-digit for character escape sequence",
        "\"a\tb\" | not JSON at column 13: control character with the code 9: write it as an escape, and only in text",
        "\"a\u0001b\" | not JSON at column 13: control character with the code 1: write it as an escape, and only in text",
        "[\f1] | not JSON at column 13: control character with the code 12: write it as an escape, and only in text",
        "\u00a01 | not JSON at column 13: unexpected character",
        "\uFEFF1 | not JSON at column 13: unexpected character",
        "é | not JSON at column 13: unexpected character",
        "1é | not JSON at column 12: unexpected character"
      })
  void whatIsNoJsonIsRejected(String value, String message) {
    assertThat(withExtra(value).complaint()).isEqualTo("not_json: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | not_object: expected an object: {…}",
        "[{}] | not_object: expected an object: {…}",
        "\"TASK1\" | not_object: expected an object: {…}",
        "1 | not_object: expected an object: {…}",
        "true | not_object: expected an object: {…}",
        "null | not_object: expected an object: {…}",
        "… {} | not_json: not JSON at column 282: more follows behind the object",
        "…… | not_json: not JSON at column 281: more follows behind the object",
        "… 1 | not_json: not JSON at column 282: more follows behind the object",
        "… x | not_json: not JSON at column 282: unexpected word 'x'",
        "…, | not_json: not JSON at column 281: unexpected ',': expected a value",
        "…} | not_json: not JSON at column 281: unexpected '}'",
        "…// done | not_json: not JSON at column 281: unexpected '/': JSON has no comments",
        "} | not_json: not JSON at column 1: unexpected '}'",
        "{ | not_json: not JSON at column 2: the line ends before the object does",
        "{\"a\": \"b | not_json: not JSON at column 9: the line ends before the object does",
        "visit 7 | not_json: not JSON at column 1: unexpected word 'visit'",
        "\u00a0… | not_json: not JSON at column 3: unexpected character"
      })
  void aLineIsOneObject(String line, String complaint) {
    assertThat(Trial.visit(line.replace("…", VISIT)).complaint()).isEqualTo(complaint);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"\\u0000\" | extra: has the character U+0000, which PostgreSQL cannot hold",
        "[1, {\"a\": \"b\\u0000\"}] | extra.a: has the character U+0000, which PostgreSQL cannot hold",
        "{\"b\\u0000\": 1} | extra.b␀: has the character U+0000, which PostgreSQL cannot hold",
        "\"\\ud800\" | extra: has half a character (\\ud800 alone), which PostgreSQL cannot hold",
        "\"\\ud83dx\" | extra: has half a character (\\ud83d alone), which PostgreSQL cannot hold",
        "\"\\ud83d\\ud83d\\ude00\" | extra: has half a character (\\ud83d alone), which PostgreSQL cannot hold",
        "\"\\ude00\\ud83d\" | extra: has half a character (\\ude00 alone), which PostgreSQL cannot hold",
        "{\"\\ud800\": 1} | half a character (an escape from \\ud800 to \\udfff alone) at column 19",
        "{\"a\\ude00\": 1} | half a character (an escape from \\ud800 to \\udfff alone) at column 20"
      })
  void whatPostgresCannotHoldIsRejected(String value, String message) {
    assertThat(withExtra(value).complaint()).isEqualTo("bad_character: " + message);
  }

  @Test
  void aKnownFieldWithABadCharacterSaysSo() {
    assertThat(Trial.visit(VISIT.replace("NODE94", "NODE\\u0000")).complaint())
        .isEqualTo(
            "bad_character: node_id: expected NODE and a number up to 2147483647, got 'NODE␀'");
    assertThat(Trial.visit(VISIT.replace("FAIL", "\\udc00")).complaint())
        .isEqualTo("bad_character: outcome: expected SUCCESS or FAIL, got '\uFFFD'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e131072",
        "-1e131072",
        "12e131071",
        "1e-16384",
        "1.5e-16383",
        "0e-16384",
        "1e999999999",
        "1e-999999999",
        "1e99999999999",
        "[{\"a\": 1e99999999999}]"
      })
  void aNumberThatPostgresCannotHoldIsRejected(String number) {
    assertThat(withExtra(number).complaint())
        .matches(
            "bad_value: extra(.a)?: expected a number with up to 131072 digits before and 16383 after the decimal point, got [-0-9.e]+");
  }

  @Test
  void limitsHoldAndNotOneLess() {
    assertThat(withExtra("1".repeat(1_000)).visit().rest().get("extra").bigIntegerValue())
        .isEqualTo("1".repeat(1_000));
    for (String number :
        new String[] {"1".repeat(1_001), "0." + "1".repeat(1_000), "1e" + "1".repeat(1_000)}) {
      assertThat(withExtra(number).complaint())
          .isEqualTo("over_limit: extra: a number of more than 1000 characters");
    }
    assertThat(
            Trial.visit(VISIT.replace("\"node_age\": 9", "\"node_age\": 9" + "0".repeat(1_000)))
                .complaint())
        .isEqualTo("over_limit: node_age: a number of more than 1000 characters");
    // The line's own object is the first.
    assertThat(withExtra("[".repeat(99) + "]".repeat(99)).visit().rest()).isNotNull();
    for (String nested : new String[] {"[", "{\"a\":"}) {
      assertThat(withExtra(nested.repeat(100)).complaint())
          .isEqualTo("over_limit: extra: nested deeper than 100");
      assertThat(withExtra(nested.repeat(100_000)).complaint())
          .isEqualTo("over_limit: extra: nested deeper than 100");
    }
    assertThat(withName("n".repeat(50_000)).visit().rest()).hasSize(1);
    assertThat(withName("n".repeat(50_001)).complaint())
        .isEqualTo("over_limit: a field name of more than 50000 bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\": 1, \"b\": 2, \"a\": 1} | extra.a: stands there twice",
        "[{\"a\": [{\"b\": 1, \"\\u0062\": null}]}] | extra.a.b: stands there twice",
        "1, \"extra\": 1 | extra: stands there twice",
        "null, \"extra\": null | extra: stands there twice",
        "1, \"node_age\": 9 | node_age: stands there twice",
        "1, \"visit_date:\": \"2020-02-26 13:30:05\" | visit_date:: stands there twice",
        "1, \"outcome\": \"FAIL\", \"outcome\": \"SUCCESS\" | outcome: stands there twice"
      })
  void aFieldStandsThereOnce(String value, String message) {
    assertThat(withExtra(value).complaint()).isEqualTo("duplicate_field: " + message);
  }

  @Test
  void aMessageHasNothingThatATerminalObeys() {
    assertThat(Trial.visit(VISIT.replace("FAIL", "\\u001b[2J\\u0085\\u007f")).complaint())
        .isEqualTo("bad_value: outcome: expected SUCCESS or FAIL, got '␛[2J\uFFFD\uFFFD'");
  }

  @Test
  void bytesThatAreNoTextAreRejectedBeforeJsonIsLookedAt() {
    assertThat(Trial.visit(VISIT.replace("FAIL", "caf\u00e9").getBytes(ISO_8859_1)).complaint())
        .isEqualTo("not_utf8: byte 278 (E9) is not UTF-8: write the file as UTF-8");
    assertThat(Trial.visit(VISIT.replace("FAIL", "\0")).complaint())
        .isEqualTo(
            "bad_character: byte 275 is U+0000, which PostgreSQL cannot hold: leave it out, and write the file as UTF-8");
  }

  /** A record that Jackson reads itself, as a user may add one. */
  record Reading(int meter, Reading before) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"meter\": 1} | none",
        "{\"meter\": \"one\"} | bad_value: meter: not a value that this field can have",
        "{\"before\": {\"meter\": []}} | wrong_type: before.meter: not the kind of value that this field has",
        "{\"metre\": 1} | bad_value: metre: no field of this dataset",
        "{\"before\": {\"meter\": tru}} | not_json: not JSON at column 22: unexpected word 'tru'",
        "{\"meter\": 99999999999} | bad_value: meter: not a value that this field can have",
        "{\"before\": [[[1]]]} | wrong_type: before: not the kind of value that this field has",
        "[1] | not_object: expected an object: {…}",
        "{\"meter\": 1} 2 | not_json: not JSON at column 14: more follows behind the object"
      })
  void aRecordOfAnyDatasetIsExplained(String line, String complaint) {
    assertThat(Trial.json(line.getBytes(UTF_8), new JsonRows(Reading.class)).complaint())
        .isEqualTo(complaint);
  }

  private static Trial.Outcome withExtra(String value) {
    return Trial.visit("{\"extra\": " + value + ", " + VISIT.substring(1));
  }

  private static Trial.Outcome withName(String name) {
    return Trial.visit("{\"" + name + "\": 1, " + VISIT.substring(1));
  }
}
