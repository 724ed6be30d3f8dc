package io.github.camelingest.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example on the page docs/input.md gives the outcome that stands beside it. */
class InputPageTest {

  private static final Page PAGE = new Page(Path.of("docs", "input.md"));

  private record Example(String section, String input, String outcome) {}

  @ParameterizedTest
  @MethodSource("lines")
  void lines(Example example) {
    LineReader reader = Trial.reader(bytes(example.input()), false);
    List<String> parts = new ArrayList<>();
    try {
      for (Line line = reader.next(); line != null; line = reader.next()) {
        parts.add("line " + line.number() + " " + shown(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (reader.blanks() > 0) {
      parts.add(reader.blanks() + " blank");
    }

    assertThat(String.join(", ", parts)).isEqualTo(example.outcome());
  }

  @ParameterizedTest
  @MethodSource("visits")
  void visits(Example example) {
    assertOutcome(Trial.visit(bytes(PAGE.visitWith(example.input()))), example.outcome());
  }

  @ParameterizedTest
  @MethodSource("json")
  void jsonOfAnyDataset(Example example) {
    Trial.Outcome actual = Trial.object(bytes(PAGE.visitWith(example.input())));

    Matcher rest = Pattern.compile("`rest` = `\\{(.*)}`").matcher(example.outcome());
    if (rest.matches()) {
      assertThat(String.valueOf(actual.row())).contains(rest.group(1));
    } else {
      assertThat(actual.complaint()).isEqualTo(example.outcome());
    }
  }

  @ParameterizedTest
  @MethodSource("network")
  void network(Example example) {
    byte[] line = bytes(example.input());
    if (example.outcome().equals("blank")) {
      assertThat(Trial.lines(line, true)).isEmpty();
    } else {
      assertOutcome(Trial.network(line), example.outcome());
    }
  }

  @Test
  void everyReasonIsExplainedAndShown() {
    List<String> codes = Stream.of(Reason.values()).map(Reason::code).toList();

    assertThat(PAGE.reasons()).isEqualTo(codes);
    assertThat(codes)
        .filteredOn(code -> !code.equals("refused"))
        .allSatisfy(
            code ->
                assertThat(PAGE.examples())
                    .anyMatch(example -> example.outcome().contains(code + ": ")));
  }

  private static Stream<Example> lines() {
    return PAGE.examples("Lines");
  }

  private static Stream<Example> visits() {
    return Stream.concat(PAGE.examples("Fields of a visit"), PAGE.examples("JSON"));
  }

  private static Stream<Example> json() {
    return PAGE.examples("JSON");
  }

  private static Stream<Example> network() {
    return PAGE.examples("Network");
  }

  /** An outcome is a complaint, or values of columns. */
  private static void assertOutcome(Trial.Outcome actual, String expected) {
    if (!expected.startsWith("`")) {
      assertThat(actual.complaint()).isEqualTo(expected);
      return;
    }
    assertThat(actual.complaint()).isEqualTo("none");
    Matcher column = Pattern.compile("`(\\w+)` = `(.*?)`(?:, |$)").matcher(expected);
    while (column.lookingAt()) {
      assertThat(value(actual.row(), column.group(1)))
          .as(column.group(1))
          .isEqualTo(column.group(2));
      column.region(column.end(), expected.length());
    }
    assertThat(column.regionStart()).as("outcome read up to").isEqualTo(expected.length());
  }

  private static String value(Object row, String column) {
    RecordComponent component =
        Stream.of(row.getClass().getRecordComponents())
            .filter(c -> snakeCase(c.getName()).equals(column))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no column " + column));
    try {
      Object value = component.getAccessor().invoke(row);
      return value instanceof int[] numbers ? Arrays.toString(numbers) : String.valueOf(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String snakeCase(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  private static String shown(Line line) {
    return line.flaw() == null
        ? "`" + new String(line.bytes(), UTF_8).replace("\r", "⟨0D⟩") + "`"
        : line.flaw().reason().code() + ": " + line.flaw().message();
  }

  /** What the notation of the page stands for. */
  private static byte[] bytes(String notation) {
    // One character a byte.
    String plain = new String(notation.getBytes(UTF_8), ISO_8859_1);
    String open = new String("⟨".getBytes(UTF_8), ISO_8859_1);
    String close = new String("⟩".getBytes(UTF_8), ISO_8859_1);
    return Pattern.compile(open + "(?:(\\S+) \\* (\\d+)|([0-9A-F ]+))" + close)
        .matcher(plain)
        .replaceAll(
            part ->
                Matcher.quoteReplacement(
                    part.group(3) == null
                        ? part.group(1).repeat(Integer.parseInt(part.group(2)))
                        : new String(
                            HexFormat.of().parseHex(part.group(3).replace(" ", "")), ISO_8859_1)))
        .getBytes(ISO_8859_1);
  }

  /** The page's sections, tables and its visit. */
  private static final class Page {
    private static final Pattern ROW = Pattern.compile("\\| `(.+?)` \\| (.+) \\|");
    private static final Pattern FIELD = Pattern.compile("\"([^\"]*)\": .*", Pattern.DOTALL);
    private static final Pattern NO_FIELD = Pattern.compile("no (\\S+?)(?:, (.*))?");

    private final List<Example> examples = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();
    private final String visit;

    Page(Path file) {
      String text;
      try {
        text = Files.readString(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Matcher json = Pattern.compile("```json\n(.*?)\n```", Pattern.DOTALL).matcher(text);
      visit = json.results().map(m -> m.group(1).replace("\n", "")).findFirst().orElseThrow();
      for (String section : text.split("(?m)^## ")) {
        String title = section.lines().findFirst().orElse("");
        List<Matcher> rows =
            section.lines().map(ROW::matcher).filter(Matcher::matches).collect(Collectors.toList());
        assertThat(section.lines().filter(l -> l.startsWith("| `")).count())
            .as("rows understood of " + title)
            .isEqualTo(rows.size());
        if (section.contains("| example | outcome |")) {
          rows.forEach(row -> examples.add(new Example(title, row.group(1), row.group(2))));
        } else if (title.equals("Reasons")) {
          rows.forEach(row -> reasons.add(row.group(1)));
        }
      }
    }

    List<Example> examples() {
      return examples;
    }

    /** Never none. */
    Stream<Example> examples(String section) {
      List<Example> found = examples.stream().filter(e -> e.section().equals(section)).toList();
      assertThat(found).as("examples in the section " + section).isNotEmpty();
      return found.stream();
    }

    List<String> reasons() {
      return reasons;
    }

    /** The page's visit, with what an example puts in place of a field, adds, or takes away. */
    String visitWith(String example) {
      Matcher no = NO_FIELD.matcher(example);
      if (no.matches()) {
        String less = replaced(visit, no.group(1), "");
        return no.group(2) == null ? less : added(less, no.group(2));
      }
      Matcher field = FIELD.matcher(example);
      if (!field.matches()) {
        return example.replace("…", visit);
      }
      return visit.contains("\"" + field.group(1) + "\":")
          ? replaced(visit, field.group(1), Matcher.quoteReplacement(example) + "$1")
          : added(visit, example);
    }

    private static String replaced(String visit, String field, String by) {
      String value = "(?:\"[^\"]*\"|\\d+)";
      return visit.replaceFirst("\"" + Pattern.quote(field) + "\": " + value + "(, *|(?=}))", by);
    }

    private static String added(String visit, String fields) {
      return visit.substring(0, visit.length() - 1) + ", " + fields + "}";
    }
  }
}
