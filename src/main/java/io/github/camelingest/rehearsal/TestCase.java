package io.github.camelingest.rehearsal;

import io.github.camelingest.app.SetupException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A case of a test file: lines of an object, and what becomes of each. Immutable.
 *
 * @param name what it shows
 * @param place where its name stands
 * @param content of the object
 * @param expectations of lines that the case tells something about
 * @param failure part of the message with which the object is not loaded; null if it is
 */
record TestCase(
    String name, Place place, byte[] content, List<Expectation> expectations, YamlValue failure) {

  private static final List<String> KEYS =
      List.of("name", "lines", "rows", "rejected", "filtered", "failed");

  /**
   * @throws SetupException if it is not written as a case is
   */
  static TestCase of(YamlValue yaml) {
    Map<String, YamlValue> fields = yaml.fields("a case", KEYS);
    YamlValue name = required("name", fields, yaml);
    List<Expectation> expectations =
        Stream.of(
                each("rows", fields, Expectation.Row::of),
                each("rejected", fields, Expectation.Rejected::of),
                each("filtered", fields, Expectation.Filtered::of))
            .flatMap(List::stream)
            .toList();
    Set<Long> lines = new HashSet<>();
    for (Expectation expectation : expectations) {
      if (expectation.line() > 0 && !lines.add(expectation.line())) {
        throw expectation
            .place()
            .wrong("the case has said before what becomes of line " + expectation.line());
      }
    }
    YamlValue failure = fields.get("failed");
    if (failure != null) {
      failure.text("failed");
    }
    return new TestCase(
        name.text("a name"),
        name.place(),
        content(required("lines", fields, yaml)),
        expectations,
        failure);
  }

  private static YamlValue required(String key, Map<String, YamlValue> fields, YamlValue of) {
    if (!fields.containsKey(key)) {
      throw of.wrong("a case needs '%s'".formatted(key));
    }
    return fields.get(key);
  }

  private static List<Expectation> each(
      String key, Map<String, YamlValue> fields, Function<YamlValue, Expectation> reading) {
    return fields.containsKey(key)
        ? fields.get(key).items(key).stream().map(reading).toList()
        : List.of();
  }

  /** A text is the content as it is; of a list, each item is a line. */
  private static byte[] content(YamlValue lines) {
    String text =
        lines.isText()
            ? lines.text("lines")
            : lines.items("lines").stream()
                .map(line -> line(line) + "\n")
                .collect(Collectors.joining());
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String line(YamlValue yaml) {
    if (!yaml.isText()) {
      return yaml.json().toString();
    }
    String text = yaml.text("a line");
    if (text.indexOf('\n') >= 0) {
      throw yaml.wrong("this is more than a line; write all lines as one text, lines: |");
    }
    return text;
  }

  /** Runs it. */
  CaseResult run(Rehearsal routes, String dataset) {
    CaseOutcomes outcomes = new CaseOutcomes();
    Optional<String> notLoaded =
        routes.run(dataset, new ByteArrayInputStream(content), outcomes).notLoaded();
    return new CaseResult(dataset, name, place, differences(outcomes.lines(), notLoaded));
  }

  private List<Difference> differences(
      SortedMap<Long, LineOutcome> lines, Optional<String> notLoaded) {
    if (failure == null && notLoaded.isPresent()) {
      return List.of(
          new Difference(
              place, 0, null, "the object to be loaded", "not loaded: " + notLoaded.get()));
    }
    if (failure != null
        && notLoaded.filter(why -> why.contains(failure.text("failed"))).isEmpty()) {
      return List.of(
          new Difference(
              failure.place(),
              0,
              null,
              "failed: " + failure.text("failed"),
              notLoaded.map(why -> "failed: " + why).orElse("the object would be loaded")));
    }
    return failure != null && expectations.isEmpty() ? List.of() : ofLines(lines);
  }

  /** A row whose line is not told is that of the next line of which the case says nothing. */
  private List<Difference> ofLines(SortedMap<Long, LineOutcome> lines) {
    SortedMap<Long, LineOutcome> untold = new TreeMap<>(lines);
    expectations.stream().map(Expectation::line).forEach(untold::remove);
    List<Difference> differences = new ArrayList<>();
    for (Expectation expectation : expectations) {
      if (expectation.line() == 0 && untold.isEmpty()) {
        differences.add(new Difference(expectation.place(), 0, null, "a row", "no more lines"));
        continue;
      }
      long line = expectation.line() == 0 ? untold.firstKey() : expectation.line();
      untold.remove(line);
      expectation
          .differences(line, lines.getOrDefault(line, new LineOutcome.None()))
          .forEach(differences::add);
    }
    untold.forEach(
        (line, outcome) ->
            differences.add(
                new Difference(
                    place,
                    line,
                    null,
                    "nothing, as the case does not tell of it",
                    outcome.toString())));
    return differences;
  }
}
