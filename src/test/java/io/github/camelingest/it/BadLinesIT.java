package io.github.camelingest.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelingest.local.SampleData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines that are broken in every way stand between good ones, and cost none of them. */
class BadLinesIT {

  private static final int MAX_LINE_BYTES = 100_000;

  private static final Pattern JAVA =
      Pattern.compile(
          "java\\.|jackson|[a-z]Exception|Feature|Constraints|Source|[A-Z]{2,}_[A-Z]{2,}|\\n");

  private static final String VISIT =
      """
      {"task_id": "TASK900", "node_id": "NODE94", "visit_id": 2, "visit_date:": "2020-02-26",\
       "original_reported_date": "2020-02-17", "node_age": 9, "node_type": "TYPE3", "task_type": "TASK5",\
       "engineer_skill_level": "LEVEL1", "engineer_note": "334 156", "outcome": "FAIL"}\
      """;

  private final Space space = Space.create();

  @TempDir private Path folder;

  private record Bad(long line, String reason, byte[] bytes) {}

  @Test
  void badLinesOfEveryKindCostNoGoodLine() throws IOException {
    // Given
    SampleData data = new SampleData(1);
    File visits = new File(data.visit());
    badVisits().forEach((line, reason) -> visits.bad(line, reason).good(data.visit()));
    unusualVisits().forEach(visits::good);
    visits.blank("").blank(" \t\r").blank("\uFEFF");
    File network = new File("NODE1 NODE2");
    badEdges().forEach((line, reason) -> network.bad(line, reason).good("NODE1 NODE2"));
    network.good("NODE3\tNODE4 # new\r").blank("# old").blank(" #\u00ff\0");
    space.put("visits/a.jsonl", visits.bytes());
    space.put("network/a", network.bytes());

    // When
    Map<String, String> environment =
        Jar.with(
            Jar.with(space.environment(), "INGEST_MAX_LINE_BYTES", "" + MAX_LINE_BYTES),
            "INGEST_BATCH_SIZE",
            "7");
    try (Jar jar = Jar.start(environment, "run")) {
      jar.awaitUntil(
          () -> space.number("select count(*) from ingest.files where state = 'loaded'") == 2);
    }

    // Then
    check("visits", visits);
    check("network", network);
    validatesAlike("visits", visits);
    validatesAlike("network", network);
    assertThat(lines("select line from fsm.visit union select line from fsm.visit_corrected"))
        .isEqualTo(visits.good);
    assertThat(lines("select line from fsm.network_node")).hasSize(2);
    assertThat(
            space.text(
                "select string_agg(e.key || '=' || e.value, ' ' order by v.line) from fsm.visit v, jsonb_each(rest) e where task_id between 901 and 904"))
        .isEqualTo(
            "x=0.1234567890123456789012 x=1"
                + "0".repeat(400)
                + " x=1.10 x=\"é\uFEFF😀\\\"\\\\\\n\"");
    assertThat(space.number("select length(rest->'x'->>1) from fsm.visit where task_id = 905"))
        .isEqualTo("0.".length() + 16_383);
    assertThat(
            space.text(
                "select string_agg(visit_date::text, ' ' order by line) from fsm.visit where task_id > 910"))
        .isEqualTo("2020-02-26 11:30:00.000001 0001-01-01 00:00:00 9999-12-31 23:59:59");
  }

  private void check(String dataset, File file) {
    assertThat(
            space.rows(
                "select lines, rows, rejected, blank, filtered, complete from ingest.files where dataset = '%s'"
                    .formatted(dataset)))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("lines", file.number)
                    .containsEntry("rows", (long) file.good.size())
                    .containsEntry("rejected", (long) file.bad.size())
                    .containsEntry("blank", file.number - file.good.size() - file.bad.size())
                    .containsEntry("filtered", 0L)
                    .containsEntry("complete", true));
    List<Map<String, Object>> rejected =
        space.rows(
            "select r.line, reason, message, sqlstate, raw from ingest.rejected_line r join ingest.object o on o.id = object_id where dataset = '%s' order by line"
                .formatted(dataset));
    assertThat(rejected)
        .zipSatisfy(
            file.bad,
            (row, bad) -> {
              assertThat(row)
                  .as(new String(bad.bytes(), 0, Math.min(300, bad.bytes().length), UTF_8))
                  .containsEntry("line", bad.line())
                  .containsEntry("reason", bad.reason())
                  .containsEntry("sqlstate", null);
              byte[] raw = (byte[]) row.get("raw");
              assertThat(raw).hasSize(Math.min(bad.bytes().length, 8 * 1024));
              assertThat(bad.bytes()).startsWith(raw);
              assertThat((String) row.get("message")).isNotBlank().doesNotContainPattern(JAVA);
            });
  }

  /** What is told beforehand, without loading, is what the ledger has afterwards. */
  private void validatesAlike(String dataset, File file) throws IOException {
    Path path = Files.write(folder.resolve(dataset), file.bytes());
    Jar.Result validated =
        Jar.run(
            Map.of("INGEST_MAX_LINE_BYTES", "" + MAX_LINE_BYTES),
            "validate",
            path.toString(),
            "--dataset",
            dataset,
            "--json");
    assertThat(validated.exitCode()).as(validated.err()).isEqualTo(1);
    JsonNode report = new ObjectMapper().readTree(validated.out()).get(0);
    assertThat(report.get("rejected_lines"))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    space.text(
                        "select jsonb_agg(jsonb_build_object('line', r.line, 'reason', reason, 'message', message) order by r.line) from ingest.rejected_line r join ingest.object o on o.id = object_id where dataset = '%s'"
                            .formatted(dataset))));
    assertThat(report.get("lines").asLong()).isEqualTo(file.number);
    assertThat(report.get("rows").asLong()).isEqualTo(file.good.size());
    assertThat(report.get("filtered").asLong()).isZero();
    assertThat(report.get("blank").asLong())
        .isEqualTo(file.number - file.good.size() - file.bad.size());
  }

  private List<Long> lines(String query) {
    return space.sql().sql(query + " order by 1").query(Long.class).list();
  }

  /** Each with its reason; characters stand for bytes. */
  private static Map<String, String> badVisits() {
    Map<String, String> bad = new LinkedHashMap<>();
    bad.put(VISIT.replace("FAIL", "caf\u00e9"), "not_utf8");
    bad.put(VISIT.replace("FAIL", "\u00c0\u00af"), "not_utf8");
    bad.put(VISIT.replace("FAIL", "\u00ed\u00a0\u0080"), "not_utf8");
    bad.put("\u00ff\u00fe{\0}\0", "not_utf8");
    bad.put(VISIT.replace("FAIL", "\0"), "bad_character");
    bad.put("{\0}\0", "bad_character");
    bad.put(VISIT.replace("NODE94", "NODE\\u0000"), "bad_character");
    bad.put(with("\"\\u0000\""), "bad_character");
    bad.put(with("[{\"\\u0000\": 1}]"), "bad_character");
    bad.put(with("\"\\ud800\""), "bad_character");
    bad.put(with("{\"\\udc00\": 1}"), "bad_character");
    bad.put(with("\"" + "x".repeat(MAX_LINE_BYTES) + "\""), "too_long");
    bad.put("not json", "not_json");
    bad.put("\u00e2\u0080\u008b", "not_json");
    bad.put(VISIT.substring(0, 100), "not_json");
    bad.put(VISIT.substring(0, VISIT.length() - 1), "not_json");
    bad.put(VISIT + VISIT, "not_json");
    bad.put(VISIT + ",", "not_json");
    bad.put(VISIT.replace('"', '\''), "not_json");
    bad.put(VISIT.replace("}", ",}"), "not_json");
    bad.put("// " + VISIT, "not_json");
    bad.put(with("NaN"), "not_json");
    bad.put(with("01"), "not_json");
    bad.put(with("\"\t\""), "not_json");
    bad.put(with("\"\\x\""), "not_json");
    bad.put("[" + VISIT + "]", "not_object");
    bad.put("null", "not_object");
    bad.put("\"TASK1\"", "not_object");
    bad.put(with("[".repeat(10_000)), "over_limit");
    bad.put(with("1".repeat(1_001)), "over_limit");
    bad.put(with("{\"" + "n".repeat(60_000) + "\": 1}"), "over_limit");
    bad.put("{}", "missing_field");
    bad.put(VISIT.replace("\"FAIL\"", "null"), "missing_field");
    bad.put(VISIT.replace("node_age", "Node_Age"), "missing_field");
    bad.put(VISIT.replace("}", ", \"outcome\": \"FAIL\"}"), "duplicate_field");
    bad.put(VISIT.replace("}", ", \"visit_date\": \"2020-02-27\"}"), "duplicate_field");
    bad.put(with("{\"a\": 1, \"a\": 1}"), "duplicate_field");
    bad.put(VISIT.replace("\"TASK900\"", "900"), "wrong_type");
    bad.put(VISIT.replace(": 9,", ": 9.0,"), "wrong_type");
    bad.put(VISIT.replace(": 9,", ": [9],"), "wrong_type");
    bad.put(VISIT.replace(": 9,", ": -1,"), "bad_value");
    bad.put(VISIT.replace(": 9,", ": 99999999999999999999,"), "bad_value");
    bad.put(VISIT.replace("NODE94", "NODE9999999999"), "bad_value");
    bad.put(VISIT.replace("2020-02-26", "2020-02-30"), "bad_value");
    bad.put(VISIT.replace("2020-02-26", "2020-02-26 13:30:00.1234567"), "bad_value");
    bad.put(VISIT.replace("FAIL", "fail"), "bad_value");
    bad.put(VISIT.replace("334", "wet"), "bad_value");
    bad.put(with("1e131072"), "bad_value");
    bad.put(with("1e-999999999"), "bad_value");
    bad.put(with("1e99999999999"), "bad_value");
    return bad;
  }

  /** Tasks from 901 keep an unknown field, those from 911 a date. */
  private static List<String> unusualVisits() {
    return List.of(
        task(901, with("0.1234567890123456789012")),
        task(902, with("1e400")),
        task(903, with("1.10")),
        task(904, bytes(with("\"é\uFEFF😀\\\"\\\\\\n\""))),
        // The largest and the smallest that numeric holds.
        task(905, with("[-9e131071, 1e-16383, 0e-16383]")),
        task(911, VISIT.replace("2020-02-26", "2020-02-26T13:30:00.000001+02:00")),
        task(912, VISIT.replace("2020-02-26", "0001-01-01")),
        task(913, "\t" + VISIT.replace("2020-02-26", "9999-12-31 23:59:59") + " \r"));
  }

  private static Map<String, String> badEdges() {
    Map<String, String> bad = new LinkedHashMap<>();
    bad.put("NODE5 node6", "bad_value");
    bad.put("NODE5 NODE", "bad_value");
    bad.put("NODE5,NODE6", "bad_value");
    bad.put("NODE5 NODE9999999999", "bad_value");
    bad.put("NODE5 # caf\u00e9", "not_utf8");
    bad.put("NODE5 \0", "bad_character");
    bad.put("NODE5 " + "NODE6 ".repeat(MAX_LINE_BYTES), "too_long");
    return bad;
  }

  private static String with(String value) {
    return VISIT.replace("}", ", \"x\": " + value + "}");
  }

  private static String task(int number, String visit) {
    return visit.replace("TASK900", "TASK" + number);
  }

  /** The bytes of a text, as characters. */
  private static String bytes(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  /** Lines, and what is to become of them. */
  private static final class File {
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private final List<Long> good = new ArrayList<>();
    private final List<Bad> bad = new ArrayList<>();
    private long number;

    File(String first) {
      good(first);
    }

    File good(String line) {
      add(line.getBytes(ISO_8859_1));
      good.add(number);
      return this;
    }

    File bad(String line, String reason) {
      byte[] bytes = line.getBytes(ISO_8859_1);
      add(bytes);
      bad.add(new Bad(number, reason, bytes));
      return this;
    }

    File blank(String line) {
      add(line.equals("\uFEFF") ? line.getBytes(UTF_8) : line.getBytes(ISO_8859_1));
      return this;
    }

    private void add(byte[] line) {
      content.writeBytes(line);
      content.write('\n');
      number++;
    }

    byte[] bytes() {
      return content.toByteArray();
    }
  }
}
