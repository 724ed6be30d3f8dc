package io.github.camelingest.it;

import static io.github.camelingest.it.Jar.with;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dataset of the page docs/new-dataset.md, added as it says. */
class NewDatasetIT {

  private static final Page PAGE = new Page();

  private final Space space = Space.create();
  private final Map<String, String> environment =
      with(with(space.environment(), "INGEST_BATCH_SIZE", "50"), "INGEST_BATCH_INTERVAL", "20ms");

  @TempDir private Path folder;
  private Routes routes;

  @BeforeEach
  void addTheDatasetAsThePageSays() throws IOException {
    routes = Routes.copy(folder).add("orders", PAGE.yaml(0));
    copySql();
    writeSql("orders", PAGE.sql(1));
    space.sql().sql(PAGE.sql(0)).update();
  }

  @Test
  void loadsWhatFitsAndKeepsWhatDoesNotWithTheReasonsOfThePage() {
    // Given the page's lines, and numbers that no double can hold
    String amount = "12345678901234567890.12345678901234567890";
    space.put(
        "orders/a.jsonl",
        PAGE.json()
            + "\n\n"
            + order(9, "x", "\"amount\": " + amount)
            + PAGE.outcomes().stream().map(o -> o[0] + "\n").collect(joining())
            + order(10, "x", "\"amount\": 1e131072")
            + "[1]\n"
            + order(10, "\\u0000", "\"amount\": 1"));

    // When it is loaded, and again
    Jar.Result first = run("load", "orders", "--wait").succeeded();
    Jar.Result second = run("load", "orders", "--wait").succeeded();

    // Then
    assertThat(first.out()).contains("1 objects loaded with 2 rows and 8 rejected lines");
    assertThat(second.out()).contains("0 objects loaded");
    assertThat(orders()).containsExactly("7 Ada 12.50 a.jsonl 1", "9 x " + amount + " a.jsonl 3");
    assertThat(rejected(1, 8)).isEqualTo(PAGE.outcomes().stream().map(o -> o[1]).toList());
    assertThat(rejected(9, 11))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("bad_value: amount: expected a number with up to"),
            line -> assertThat(line).startsWith("not_object: "),
            line -> assertThat(line).startsWith("bad_character: customer: "));
    assertThat(space.text("select sqlstate from ingest.rejected_line where line = 4"))
        .isEqualTo("22P02");
    assertThat(space.number("select lines from ingest.files where complete")).isEqualTo(11);
    assertThat(run("status").succeeded().out()).containsPattern("orders +0 +0 +1 +0 +0 +2 +8 ");
    assertThat(run("rejects").succeeded().out()).containsPattern("orders +refused +3 +1 ");
  }

  @Test
  void theLaterReportHoldsInWhateverOrderTheyAreLoaded() {
    // Given
    space.put("orders/a.jsonl", order(1, "first", "") + order(1, "second", ""));
    run("load", "orders").succeeded();
    makeOlder();
    space.put("orders/b.jsonl", order(1, "third", "") + order(2, "other", ""));
    run("load", "orders").succeeded();

    // When the earlier one is loaded again
    run("replay", "--object", "orders/a.jsonl").succeeded();

    // Then
    assertThat(orders()).containsExactly("1 third 1 b.jsonl 1", "2 other 1 b.jsonl 2");

    // When the later one is written again, without that order
    space.put("orders/b.jsonl", order(2, "other", ""));
    run("load", "orders").succeeded();
    List<String> without = orders();
    run("replay", "--object", "orders/a.jsonl").succeeded();

    // Then
    assertThat(without).containsExactly("2 other 1 b.jsonl 1");
    assertThat(orders()).containsExactly("1 second 1 a.jsonl 2", "2 other 1 b.jsonl 1");
  }

  @Test
  void anOverwrittenObjectIsReplacedAsAWhole() throws SQLException {
    // Given customers that may have one order each, and move on to the next order in the new
    // version, in which two orders of one customer are far apart
    space.sql().sql("alter table shop.orders add unique (customer)").update();
    space.put("orders/a.jsonl", orders(1_000, i -> order(i, "c" + i, "")));
    run("load", "orders").succeeded();
    space.put(
        "orders/a.jsonl",
        orders(400, i -> order(i, "c" + (i + 1), ""))
            + "no json\n"
            + order(900, "c2", "")
            + order(901, "other", "\"amount\": -1"));

    // When
    Set<Long> seen = seenWhile("load", "orders");

    // Then
    assertThat(seen).containsExactlyInAnyOrder(1_000L, 400L);
    assertThat(space.number("select count(*) from shop.orders where customer = 'c401'")).isOne();
    assertThat(rejected(401, 403))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("not_json: "),
            line -> assertThat(line).contains("refused: duplicate key value violates unique"),
            line -> assertThat(line).contains("refused: ").contains("orders_amount_check"));
    assertThat(
            space.text(
                "select convert_from(raw, 'UTF8')::jsonb ->> 'customer' from ingest.rejected_line where line = 402"))
        .isEqualTo("c2");
    assertThat(entries())
        .containsExactly("a.jsonl loaded 400 rows, 3 rejected", "a.jsonl superseded 0 rows");
    assertThat(space.number("select count(*) from ingest.files where complete")).isOne();
    assertNothingIsHeldBack();
  }

  @ParameterizedTest
  @ValueSource(strings = {"replace", "append"})
  void afterAFixOfTheSqlAReplayTakesTheRowsIn(String policy) throws IOException, SQLException {
    // Given SQL that does not take all amounts
    routes.add("orders", yaml("overwritten", policy));
    writeSql("orders", PAGE.sql(1).replace("amount numeric", "amount integer"));
    space.put(
        "orders/a.jsonl",
        orders(300, i -> order(i, "c" + i, i % 100 == 0 ? "\"amount\": 0.5" : "")));
    run("load", "orders").succeeded();
    assertThat(rejected(1, 300)).hasSize(3);
    writeSql("orders", PAGE.sql(1));

    // When
    Set<Long> seen = seenWhile("replay", "--rejected");

    // Then
    assertThat(seen).containsExactlyInAnyOrder(297L, 300L);
    assertThat(rejected(1, 300)).isEmpty();
    assertThat(entries()).containsExactly("a.jsonl loaded 300 rows", "a.jsonl superseded 0 rows");
    assertNothingIsHeldBack();
  }

  @Test
  void aReplayThatFailsChangesNothing() throws IOException {
    // Given
    routes.add("orders", yaml("maxRejected", "1"));
    space.put("orders/a.jsonl", orders(200, i -> order(i, "c" + i, "")) + "no json\n");
    run("load", "orders").succeeded();
    List<String> before = orders();

    // When the SQL does not fit the table, and when it refuses too much
    writeSql("orders", PAGE.sql(1).replace("customer,", "no_customer,"));
    Jar.Result wrong =
        Jar.run(
            folder, with(environment, "INGEST_MAX_ATTEMPTS", "1"), "replay", "--prefix", "orders/");
    writeSql("orders", PAGE.sql(1).replace("customer text", "customer integer"));
    Jar.Result tooMuch = run("replay", "--prefix", "orders/");

    // Then
    assertThat(wrong.out()).contains("1 failed, see the log; what they had stays");
    assertThat(wrong.err()).contains("column \"no_customer\"").contains("does not exist");
    assertThat(tooMuch.out()).contains("1 failed, see the log; what they had stays");
    assertThat(tooMuch.err())
        .contains("2 of the 201 lines read are rejected, which is more than the route allows");
    assertThat(space.number("select rejected from ingest.files where state = 'failed'"))
        .isEqualTo(2);
    assertThat(rejected(1, 1)).singleElement().asString().startsWith("refused: invalid input");
    assertThat(orders()).isEqualTo(before).hasSize(200);
    assertThat(space.text("select state from ingest.files where not replay")).isEqualTo("loaded");
  }

  @Test
  void twoOfThemStandBesideEachOther() throws IOException {
    // Given another one, whose lines are rows of their own, and whose file comes before the
    // template's
    routes.add("events", PAGE.yaml(0).replace("orders", "events"));
    writeSql(
        "events",
        """
        -- no key but the place of a line
        insert into shop.events (kind, at, object_id, line)
        select json #>> '{a,kind}', (json->>'at')::timestamptz, object_id, line
        from events_batch;
        """);
    space
        .sql()
        .sql(
            "create table shop.events (kind text not null, at timestamptz, object_id bigint, line bigint, primary key (object_id, line))")
        .update();

    // When
    try (Jar jar = Jar.start(folder, environment, "run")) {
      jar.awaitReady();
      space.put("orders/a.jsonl", orders(100, i -> order(i, "c" + i, "")));
      space.put(
          "events/a.jsonl",
          "{\"a\": {\"kind\": \"paid\"}, \"at\": \"2026-11-24\"}\n".repeat(70) + "{}\n");
      jar.awaitUntil(
          () -> space.number("select count(*) from ingest.object where state = 'loaded'") == 2);
    }

    // Then
    assertThat(space.number("select count(*) from shop.orders")).isEqualTo(100);
    assertThat(space.number("select count(*) from shop.events where kind = 'paid'")).isEqualTo(70);
    assertThat(rejected(71, 71)).singleElement().asString().startsWith("refused: null value");

    // When both are loaded again
    run("replay", "--since", "2026-01-01").succeeded();

    // Then
    assertThat(space.number("select count(*) from shop.orders")).isEqualTo(100);
    assertThat(space.number("select count(*) from shop.events")).isEqualTo(70);
    assertThat(rejected(71, 71)).hasSize(1);
    assertNothingIsHeldBack();
  }

  @Test
  void aTemplateOfYourOwnLeavesLinesOut() throws IOException {
    // Given
    String behindJson = "                - aggregate:";
    routes
        .add("orders-lines", Files.readString(Path.of("routes", "json-lines.camel.yaml")))
        .replace("orders-lines", "id: json-lines", "id: orders-lines")
        .replace("orders-lines", behindJson, PAGE.yaml(1) + behindJson)
        .replace("orders", "json-lines", "orders-lines");
    space.put("orders/a.jsonl", order(1, "test", "") + order(2, "Ada", ""));

    // When
    run("load", "orders").succeeded();

    // Then
    assertThat(orders()).containsExactly("2 Ada 1 a.jsonl 2");
    assertThat(space.number("select filtered from ingest.files where complete")).isOne();
  }

  private Jar.Result run(String... arguments) {
    return Jar.run(folder, environment, arguments);
  }

  /** How many orders a reader sees while a command runs, and at its end. */
  private Set<Long> seenWhile(String... arguments) throws SQLException {
    Set<Long> seen = new HashSet<>();
    try (Jar jar = Jar.start(folder, environment, arguments);
        Connection reader = space.connection();
        Statement statement = reader.createStatement()) {
      while (jar.isRunning()) {
        seen.add(count(statement));
      }
      jar.await().succeeded();
      seen.add(count(statement));
    }
    return seen;
  }

  private static long count(Statement statement) throws SQLException {
    try (ResultSet result = statement.executeQuery("select count(*) from shop.orders")) {
      result.next();
      return result.getLong(1);
    }
  }

  /** The route of the page, with one more parameter. */
  private static String yaml(String parameter, String value) {
    return PAGE.yaml(0) + "      - name: %s\n        value: %s\n".formatted(parameter, value);
  }

  private void copySql() throws IOException {
    Path from = Path.of("sql");
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file));
      }
    }
  }

  private void writeSql(String dataset, String sql) throws IOException {
    Files.writeString(folder.resolve("sql/load/" + dataset + ".sql"), sql);
  }

  private static String orders(int count, IntFunction<String> order) {
    return IntStream.rangeClosed(1, count).mapToObj(order).collect(joining());
  }

  /**
   * A line.
   *
   * @param field another one, in place of an amount of 1; or nothing
   */
  private static String order(int id, String customer, String field) {
    return "{\"order_id\": %d, \"customer\": \"%s\", %s, \"ordered_at\": \"2026-11-24\"}\n"
        .formatted(id, customer, field.isEmpty() ? "\"amount\": 1" : field);
  }

  private void makeOlder() {
    space
        .sql()
        .sql("update ingest.object set last_modified = last_modified - interval '1 day'")
        .update();
  }

  private List<String> orders() {
    return texts(
        "select concat_ws(' ', t.order_id, t.customer, t.amount, replace(o.key, 'orders/', ''), t.line) from shop.orders t join ingest.object o on o.id = t.object_id order by t.order_id");
  }

  /** Of the lines of these numbers. */
  private List<String> rejected(int from, int to) {
    return texts(
        "select reason || ': ' || message from ingest.rejected_line where line between %d and %d order by object_id, line"
            .formatted(from, to));
  }

  private List<String> entries() {
    return texts(
        "select concat(replace(key, 'orders/', ''), ' ', state, ' ', rows, ' rows', ', ' || nullif(rejected, 0) || ' rejected') from ingest.object order by state");
  }

  private void assertNothingIsHeldBack() {
    assertThat(space.number("select count(*) from ingest.incoming_row")).isZero();
  }

  private List<String> texts(String query) {
    return space.sql().sql(query).query(String.class).list();
  }

  /** What stands on the page. */
  private static final class Page {
    private static final Pattern OUTCOME = Pattern.compile("(?m)^\\| `(\\{.*)` \\| (.*) \\|$");

    private final String text;

    Page() {
      try {
        text = Files.readString(Path.of("docs", "new-dataset.md"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String sql(int n) {
      return block("sql", n);
    }

    String yaml(int n) {
      return block("yaml", n);
    }

    String json() {
      return block("json", 0).strip();
    }

    /** Lines, and what becomes of them. */
    List<String[]> outcomes() {
      List<String[]> outcomes = new ArrayList<>();
      OUTCOME
          .matcher(text)
          .results()
          .forEach(row -> outcomes.add(new String[] {row.group(1), row.group(2)}));
      assertThat(outcomes).hasSize(5);
      return outcomes;
    }

    private String block(String language, int n) {
      List<MatchResult> blocks =
          Pattern.compile("```%s\n(.*?)```".formatted(language), Pattern.DOTALL)
              .matcher(text)
              .results()
              .toList();
      assertThat(blocks).as("blocks of " + language).hasSizeGreaterThan(n);
      return blocks.get(n).group(1);
    }
  }
}
