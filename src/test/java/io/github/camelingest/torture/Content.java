package io.github.camelingest.torture;

import io.github.camelingest.local.SampleData;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * What stands in files: new visits, corrections of earlier ones and lines that cannot be read. The
 * same seed gives the same files. Not thread-safe.
 */
final class Content {

  private static final int REMEMBERED = 2_000;
  private static final double DIRTY = 0.01;
  private static final double CORRECTION = 0.03;
  private static final double GZIP = 0.3;
  private static final double CRLF = 0.1;

  private static final List<UnaryOperator<String>> DIRT =
      List.of(
          line -> line.substring(0, line.length() / 2),
          line -> "",
          line -> " \t",
          line -> "not json",
          line -> "[1]",
          line -> line + " {}",
          line -> line.replaceFirst("NODE\\d+", "NODEx"),
          line -> line.replaceFirst("NODE\\d+", "NODE\\\\u0000"),
          line -> line.replaceFirst("\"node_age\": \\d+, ", ""),
          line -> line.replaceFirst("\"node_age\": \\d+", "\"node_age\": \"old\""),
          line -> line.replaceFirst("\"outcome\": \"\\w+\"", "\"outcome\": \"MAYBE\""),
          line -> line.replaceFirst("\\d{4}-\\d\\d-\\d\\d", "2020-02-30"),
          // not dirt, but rare
          line -> line.replaceFirst("visit_date:", "visit_date"),
          line -> line.replaceFirst("\\{", "{\"weather\": {\"rain\": [1, 2]}, "));

  private final Random random;
  private final SampleData sample;
  private final List<String> remembered = new ArrayList<>();

  Content(long seed) {
    random = new Random(seed);
    sample = new SampleData(seed);
  }

  /** A file of visits, plain or gzip. */
  byte[] visits(int lines) {
    String lineEnd = random.nextDouble() < CRLF ? "\r\n" : "\n";
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      text.append(line()).append(lineEnd);
    }
    if (random.nextBoolean()) {
      text.setLength(text.length() - lineEnd.length());
    }
    return bytes(text.toString());
  }

  private String line() {
    String line =
        random.nextDouble() < CORRECTION && !remembered.isEmpty() ? correction() : newVisit();
    return random.nextDouble() < DIRTY ? DIRT.get(random.nextInt(DIRT.size())).apply(line) : line;
  }

  private String newVisit() {
    String visit = sample.visit();
    if (remembered.size() < REMEMBERED) {
      remembered.add(visit);
    } else if (random.nextInt(20) == 0) {
      remembered.set(random.nextInt(REMEMBERED), visit);
    }
    return visit;
  }

  private String correction() {
    return remembered
        .get(random.nextInt(remembered.size()))
        .replaceFirst("\"node_age\": \\d+", "\"node_age\": " + random.nextInt(1_000));
  }

  /** A network: the large one, or one of a few lines. */
  byte[] network() {
    if (random.nextInt(3) == 0) {
      return bytes(new SampleData(random.nextLong()).network());
    }
    StringBuilder text = new StringBuilder("# small\n");
    for (int node = 1; node <= 20; node++) {
      text.append("NODE").append(node).append(" NODE").append(node + 1 + random.nextInt(30));
      text.append(random.nextInt(15) == 0 ? " nobody\n" : "\n");
    }
    return bytes(text.toString());
  }

  private byte[] bytes(String text) {
    return random.nextDouble() < GZIP
        ? SampleData.gzip(text)
        : text.getBytes(StandardCharsets.UTF_8);
  }
}
