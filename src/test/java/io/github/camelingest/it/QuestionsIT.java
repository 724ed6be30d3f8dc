package io.github.camelingest.it;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelingest.it.FieldRecords.Visit;
import java.io.IOException;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The analysts' questions, answered by their SQL and by plain Java. The records are made so that
 * every condition is hit, and missed as narrowly as can be; each test says that it was.
 */
class QuestionsIT {

  private static final FieldRecords RECORDS = new FieldRecords(7);
  private static final int NODE = 94;
  private static final LocalDate NEW_YEAR = LocalDate.of(2020, 1, 1);
  private static final LocalDate MARCH = LocalDate.of(2020, 3, 1);
  private static final LocalDate END_OF_MARCH = LocalDate.of(2020, 3, 31);
  private static final LocalDate END_OF_YEAR = LocalDate.of(2020, 12, 31);

  private static Space space;

  /** Asks as an analyst. */
  private static JdbcClient analyst;

  @BeforeAll
  static void load() {
    space = Space.withRoles();
    space.put("visits/visits.jsonl", RECORDS.visitLines());
    space.put("network/network.adjlist", RECORDS.networkLines());
    Jar.run(space.environment(), "load", "visits").succeeded();
    Jar.run(space.environment(), "load", "network").succeeded();
    analyst = space.sql("analyst");
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(RECORDS.visits().size());
  }

  @Test
  void successesOfSkilledEngineersAfterFailures() throws IOException {
    List<List<Integer>> expected = skilledSuccesses(2, NEW_YEAR, END_OF_MARCH, 2);

    assertThat(answer("q1", Map.of(), "task_id", "visit_no")).isEqualTo(expected);
    // Each of the conditions decides.
    assertThat(
            List.of(
                skilledSuccesses(3, NEW_YEAR, END_OF_MARCH, 2).size(),
                skilledSuccesses(1, NEW_YEAR, END_OF_MARCH, 2).size(),
                skilledSuccesses(2, NEW_YEAR.plusDays(1), END_OF_MARCH, 2).size(),
                skilledSuccesses(2, NEW_YEAR.minusDays(1), END_OF_MARCH, 2).size(),
                skilledSuccesses(2, NEW_YEAR, END_OF_MARCH.minusDays(1), 2).size(),
                skilledSuccesses(2, NEW_YEAR, END_OF_MARCH.plusDays(1), 2).size(),
                skilledSuccesses(2, NEW_YEAR, END_OF_MARCH, 1).size(),
                skilledSuccesses(2, NEW_YEAR, END_OF_MARCH, 3).size()))
        .doesNotContain(expected.size());
    assertThat(
            answer(
                "q1",
                Map.of(
                    "above_level", "1",
                    "first_day", "2020-01-02",
                    "last_day", "2020-04-01",
                    "failures", "3"),
                "task_id",
                "visit_no"))
        .isEqualTo(skilledSuccesses(1, NEW_YEAR.plusDays(1), END_OF_MARCH.plusDays(1), 3));
  }

  private static List<List<Integer>> skilledSuccesses(
      int aboveLevel, LocalDate first, LocalDate last, int failures) {
    return RECORDS.visits().stream()
        .filter(v -> v.success() && v.level() > aboveLevel && v.within(first, last))
        .filter(
            v ->
                RECORDS.visits().stream()
                        .filter(e -> e.task() == v.task() && e.number() < v.number())
                        .filter(e -> !e.success())
                        .count()
                    >= failures)
        .map(v -> List.of(v.task(), v.number()))
        .toList();
  }

  @Test
  void tasksCompletedByTheirSecondVisitWithWordsInCommon() throws IOException {
    List<List<Integer>> expected = completedBySecond(5);

    assertThat(answer("q2", Map.of(), "task_id", "shared_words")).isEqualTo(expected);
    assertThat(expected).extracting(row -> row.get(1)).contains(5, 6);
    assertThat(completedBySecond(4)).hasSizeGreaterThan(expected.size());
    assertThat(answer("q2", Map.of("shared_words", "4"), "task_id", "shared_words"))
        .isEqualTo(completedBySecond(4));
  }

  private static List<List<Integer>> completedBySecond(int sharedWords) {
    return RECORDS.visits().stream()
        .filter(v -> v.number() == 2 && v.success())
        .flatMap(
            second ->
                RECORDS.visits().stream()
                    .filter(f -> f.task() == second.task() && f.number() == 1 && !f.success())
                    .map(
                        f -> {
                          Set<Integer> shared = new HashSet<>(f.words());
                          shared.retainAll(second.words());
                          return List.of(second.task(), shared.size());
                        }))
        .filter(row -> row.get(1) >= sharedWords)
        .toList();
  }

  @Test
  void nodesWithinHops() throws IOException {
    Set<Integer> expected = within(NODE, 2);

    assertThat(nodes("q3", Map.of())).containsExactlyElementsOf(expected);
    assertThat(within(NODE, 1)).hasSizeLessThan(expected.size());
    assertThat(within(NODE, 3)).hasSizeGreaterThan(expected.size());
    assertThat(expected).doesNotContain(NODE);
    assertThat(nodes("q3", Map.of("node", "100", "hops", "3")))
        .containsExactlyElementsOf(within(100, 3));
    assertThat(nodes("q3", Map.of("node", String.valueOf(FieldRecords.ALONE)))).isEmpty();
  }

  private static Set<Integer> within(int node, int hops) {
    Set<Integer> reached = new TreeSet<>(Set.of(node));
    for (int hop = 0; hop < hops; hop++) {
      Set<Integer> before = Set.copyOf(reached);
      RECORDS.edges().stream()
          .filter(edge -> before.contains(edge.from()) || before.contains(edge.to()))
          .forEach(edge -> reached.addAll(List.of(edge.from(), edge.to())));
    }
    reached.remove(node);
    return reached;
  }

  @Test
  void nodesNearbyWithManyFailures() throws IOException {
    Map<Integer, Long> failures =
        failuresNearby(NEW_YEAR, END_OF_YEAR).stream().collect(groupingBy(Visit::node, counting()));
    List<Integer> expected = withAtLeast(10, failures);

    assertThat(nodes("q4", Map.of())).isEqualTo(expected);
    assertThat(failures.values()).contains(9L, 10L);
    assertThat(nodes("q4", Map.of("failures", "9"))).isEqualTo(withAtLeast(9, failures));
    // Both days belong to the period, and the days beside it would tell.
    assertThat(
            List.of(
                failuresNearby(NEW_YEAR.plusDays(1), END_OF_YEAR).size(),
                failuresNearby(NEW_YEAR.minusDays(1), END_OF_YEAR).size(),
                failuresNearby(NEW_YEAR, END_OF_YEAR.minusDays(1)).size(),
                failuresNearby(NEW_YEAR, END_OF_YEAR.plusDays(1)).size()))
        .doesNotContain(failuresNearby(NEW_YEAR, END_OF_YEAR).size());
  }

  private static List<Visit> failuresNearby(LocalDate first, LocalDate last) {
    Set<Integer> nearby = within(NODE, 2);
    return RECORDS.visits().stream()
        .filter(v -> nearby.contains(v.node()) && !v.success() && v.within(first, last))
        .toList();
  }

  private static List<Integer> withAtLeast(int count, Map<Integer, Long> failures) {
    return failures.entrySet().stream()
        .filter(node -> node.getValue() >= count)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  @Test
  void nodesNearbyWithAWord() throws IOException {
    Set<Integer> expected = withWord(MARCH, END_OF_MARCH, 126);

    assertThat(nodes("q5", Map.of())).containsExactlyElementsOf(expected);
    assertThat(
            List.of(
                withWord(MARCH.plusDays(1), END_OF_MARCH, 126),
                withWord(MARCH.minusDays(1), END_OF_MARCH, 126),
                withWord(MARCH, END_OF_MARCH.minusDays(1), 126),
                withWord(MARCH, END_OF_MARCH.plusDays(1), 126),
                within(NODE, 2)))
        .doesNotContain(expected);
    assertThat(nodes("q5", Map.of("word", "1260")))
        .containsExactlyElementsOf(withWord(MARCH, END_OF_MARCH, 1260));
  }

  private static Set<Integer> withWord(LocalDate first, LocalDate last, int word) {
    Set<Integer> nearby = within(NODE, 2);
    return RECORDS.visits().stream()
        .filter(v -> nearby.contains(v.node()) && v.within(first, last) && v.words().contains(word))
        .map(Visit::node)
        .collect(toCollection(TreeSet::new));
  }

  /** The answers of the earlier system, whose dates have no time and whose edges one direction. */
  @ParameterizedTest
  @FieldSource("io.github.camelingest.it.Question#NAMES")
  void queriesOfTheEarlierSystemRunAsTheyAre(String name) throws IOException {
    assertThat(rows(Question.earlier(name))).isNotEmpty();
  }

  @Test
  void wordsKeepTheirOrderAndRepetitions() {
    Visit visit =
        RECORDS.visits().stream()
            .filter(v -> v.words().size() > Set.copyOf(v.words()).size())
            .findFirst()
            .orElseThrow();

    assertThat(
            rows(
                "select position, token from fsm.note_token where task_id = %d and visit_no = %d order by position"
                    .formatted(visit.task(), visit.number())))
        .isEqualTo(
            IntStream.range(0, visit.words().size())
                .mapToObj(i -> Map.of("position", i + 1L, "token", visit.words().get(i)))
                .toList());
  }

  private static List<Map<String, Object>> rows(String query) {
    return analyst.sql(query).query().listOfRows();
  }

  private static List<Integer> nodes(String question, Map<String, String> parameters)
      throws IOException {
    return answer(question, parameters, "node_id").stream().map(row -> row.get(0)).toList();
  }

  private static List<List<Integer>> answer(
      String question, Map<String, String> parameters, String... columns) throws IOException {
    return rows(Question.of(question, parameters)).stream()
        .map(row -> List.of(columns).stream().map(c -> ((Number) row.get(c)).intValue()).toList())
        .toList();
  }
}
