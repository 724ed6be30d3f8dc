package io.github.camelingest.it;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Visits and a network of few nodes, words and days, most of them on the edge of a question's
 * conditions; the same seed gives the same ones.
 */
final class FieldRecords {

  record Visit(
      int task,
      int number,
      int node,
      LocalDateTime date,
      int level,
      List<Integer> words,
      boolean success) {

    boolean within(LocalDate first, LocalDate last) {
      LocalDate day = date.toLocalDate();
      return !day.isBefore(first) && !day.isAfter(last);
    }

    private String line() {
      return "{\"task_id\": \"TASK%d\", \"node_id\": \"NODE%d\", \"visit_id\": %d, \"visit_date:\": \"%s\", \"original_reported_date\": \"2019-12-01 00:00:00\", \"node_age\": 9, \"node_type\": \"TYPE3\", \"task_type\": \"TASK5\", \"engineer_skill_level\": \"LEVEL%d\", \"engineer_note\": \"%s\", \"outcome\": \"%s\"}"
          .formatted(
              task,
              node,
              number,
              DATE.format(date),
              level,
              words.stream().map(String::valueOf).collect(Collectors.joining(" ")),
              success ? "SUCCESS" : "FAIL");
    }
  }

  /** As its line lists it. */
  record Edge(int from, int to) {}

  /** A node with a line of its own that touches nobody. */
  static final int ALONE = 200;

  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
  private static final int TASKS = 400;
  private static final int MOST_VISITS = 5;
  private static final int FIRST_NODE = 80;
  private static final int NODES = 60;
  private static final int REACH = 5;
  private static final int LONGEST_NOTE = 12;
  private static final int RARE_WORD = 126;
  private static final int RARELY = 60;
  private static final List<Integer> WORDS = List.of(1, 12, 26, 125, 127, 1126, 1260, 13, 14, 15);
  private static final List<LocalDateTime> DATES =
      Stream.of(
              "2019-12-31T00:00:00",
              "2019-12-31T23:59:59",
              "2020-01-01T00:00:00",
              "2020-02-29T23:59:59",
              "2020-03-01T00:00:00",
              "2020-03-31T00:00:00",
              "2020-03-31T23:59:59",
              "2020-04-01T00:00:00",
              "2020-12-31T00:00:00",
              "2020-12-31T23:59:59",
              "2021-01-01T00:00:00")
          .map(LocalDateTime::parse)
          .toList();

  private final List<Visit> visits = new ArrayList<>();
  private final List<Edge> edges = new ArrayList<>();
  private final Random random;

  FieldRecords(long seed) {
    random = new Random(seed);
    for (int task = 1; task <= TASKS; task++) {
      int node = FIRST_NODE + random.nextInt(NODES);
      int most = 1 + random.nextInt(MOST_VISITS);
      for (int number = 1; number <= most; number++) {
        visits.add(
            new Visit(
                task,
                number,
                node,
                DATES.get(random.nextInt(DATES.size())),
                1 + random.nextInt(4),
                words(),
                random.nextBoolean()));
      }
    }
    // A ring on which each node touches the next few, listed by either of the two.
    for (int node = 0; node < NODES; node++) {
      for (int step = 1; step <= REACH; step++) {
        int other = FIRST_NODE + (node + step) % NODES;
        edges.add(
            random.nextBoolean()
                ? new Edge(FIRST_NODE + node, other)
                : new Edge(other, FIRST_NODE + node));
      }
    }
  }

  private List<Integer> words() {
    List<Integer> words = new ArrayList<>();
    int length = random.nextInt(LONGEST_NOTE + 1);
    for (int i = 0; i < length; i++) {
      words.add(random.nextInt(RARELY) == 0 ? RARE_WORD : WORDS.get(random.nextInt(WORDS.size())));
    }
    return words;
  }

  List<Visit> visits() {
    return visits;
  }

  List<Edge> edges() {
    return edges;
  }

  String visitLines() {
    return visits.stream().map(Visit::line).collect(Collectors.joining("\n", "", "\n"));
  }

  String networkLines() {
    return edges.stream()
            .map(edge -> "NODE%d NODE%d%n".formatted(edge.from(), edge.to()))
            .collect(Collectors.joining())
        + "NODE%d%n".formatted(ALONE);
  }
}
