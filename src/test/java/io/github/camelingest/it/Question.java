package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files in {@code sql/questions}, read as psql reads them. */
public final class Question {

  public static final List<String> NAMES = List.of("q1", "q2", "q3", "q4", "q5");

  private static final Pattern DEFAULT =
      Pattern.compile("\\\\if :\\{\\?(\\w+)} \\\\else \\\\set (\\w+) (\\S+) \\\\endif");
  private static final Pattern VARIABLE = Pattern.compile("(?<!:):(?:'(\\w+)'|(\\w+))");

  private Question() {}

  /**
   * @param name such as q1
   * @param parameters those that differ from their defaults
   */
  public static String of(String name, Map<String, String> parameters) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("sql", "questions", name + ".sql"));
    Map<String, String> values = new LinkedHashMap<>();
    for (String line : lines) {
      if (line.startsWith("\\")) {
        Matcher matcher = DEFAULT.matcher(line);
        assertThat(matcher.matches()).as(line).isTrue();
        assertThat(matcher.group(2)).as(line).isEqualTo(matcher.group(1));
        values.put(matcher.group(1), matcher.group(3));
      }
    }
    assertThat(values.keySet()).as("parameters of " + name).containsAll(parameters.keySet());
    values.putAll(parameters);
    return query(lines, values);
  }

  private static String query(List<String> lines, Map<String, String> values) {
    String text =
        String.join("\n", lines.stream().filter(l -> !l.matches("(\\\\|--).*")).toList()).strip();
    assertThat(text).endsWith(";");
    return VARIABLE
        .matcher(text.substring(0, text.length() - 1))
        .replaceAll(
            v -> v.group(1) == null ? values.get(v.group(2)) : "'" + values.get(v.group(1)) + "'");
  }

  /** A query that was written for the earlier system. */
  public static String earlier(String name) throws IOException {
    return Files.readString(Path.of("src", "test", "resources", "earlier", name + ".sql"));
  }
}
