package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelingest.local.SampleData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The command that loads what is there: what it loads, and what it says meanwhile. */
class LoadCommandIT {

  private final Space space = Space.create();

  @Test
  void aPrefixLeavesAllOtherObjectsAsTheyAre() throws IOException {
    // Given an object that waits, and one that nobody knows of, beside those that are wanted
    space.put("visits/2026-10-31.jsonl", new SampleData(1).visits(10));
    Jar.run(space.environment(), "reconcile", "visits").succeeded();
    String compared = space.text("select began_at::text from ingest.reconciliation");
    space.put("visits/2026-11-01.jsonl", new SampleData(2).visits(20) + "rubbish\n");
    space.put("visits/2026-11-02.jsonl", new SampleData(3).visits(30));
    space.put("visits/2026-12-01.jsonl", new SampleData(4).visits(40));

    // When
    JsonNode result =
        new ObjectMapper()
            .readTree(
                Jar.run(
                        space.environment(),
                        "load",
                        "visits",
                        "--prefix",
                        "visits/2026-11-",
                        "--wait",
                        "--json")
                    .succeeded()
                    .out());

    // Then
    assertThat(result.get("loaded").asInt()).isEqualTo(2);
    assertThat(result.get("rows").asInt()).isEqualTo(50);
    assertThat(result.get("rejected").asInt()).isEqualTo(1);
    assertThat(result.get("not_loaded").asInt()).isZero();
    assertThat(result.get("others").asInt()).isZero();
    assertThat(
            space
                .sql()
                .sql("select concat_ws(' ', key, state) from ingest.object order by key")
                .query(String.class)
                .list())
        .containsExactly(
            "visits/2026-10-31.jsonl discovered",
            "visits/2026-11-01.jsonl loaded",
            "visits/2026-11-02.jsonl loaded");
    assertThat(space.text("select began_at::text from ingest.reconciliation")).isEqualTo(compared);
  }

  @Test
  void aPrefixWhereTheDatasetHasNothingIsToldWhereItHas() {
    Jar.Result result = Jar.run(space.environment(), "load", "visits", "--prefix", "orders/");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .isEqualToNormalizingNewlines(
            "camel-ingest: no key of visits begins with 'orders/': its objects come from s3://%s/visits/\n"
                .formatted(space.bucket()));
  }

  @Test
  void linesSayHowFarItIs() throws SQLException {
    // Given a table that cannot be written to for some time
    Jar.run(space.environment(), "load", "network").succeeded();
    space.put("visits/a.jsonl", new SampleData(1).visits(1_000));
    try (Connection holding = space.connection()) {
      holding.setAutoCommit(false);
      holding.createStatement().execute("lock table fsm.visit");
      try (Jar jar = Jar.start(space.environment(), "load", "visits")) {
        // When
        jar.awaitUntil(() -> jar.log().contains("of 1 objects"));
        holding.rollback();

        // Then
        assertThat(jar.await().succeeded().out())
            .matches("visits: 1 objects loaded with 1,000 rows and 0 rejected lines in .* s\\R");
        assertThat(jar.log())
            .containsPattern(
                "(?m)^visits: 0 of 1 objects, [\\d,]+ rows, [\\d,]+ rows/s, 0 rejected, about [\\d,]+ s left$");
      }
    }
  }

  @Test
  void aBarSaysItOnATerminalWhichIsNotTooWide() {
    space.put("visits/a.jsonl", new SampleData(1).visits(100));

    Jar.Result result =
        Jar.inShell(
            space.environment(),
            "script -qec \"stty cols 60; exec $CAMEL_INGEST load visits\" /dev/null");

    String[] shown = result.succeeded().out().split("[\r\n]+");
    assertThat(shown)
        .filteredOn(line -> line.contains("%"))
        .isNotEmpty()
        .allSatisfy(bar -> assertThat(bar).contains("rows/s, 0 rejected").hasSizeLessThan(60));
    assertThat(shown).anyMatch(line -> line.startsWith("visits: 1 objects loaded with 100 rows"));
    // The bar has told
    assertThat(result.out()).doesNotContain("INFO");
  }

  @Test
  void theCommandsOfThePageWork() throws IOException {
    space.put("visits/2026-11-01.jsonl", new SampleData(1).visits(10));
    List<String> commands =
        Pattern.compile("^java -jar camel-ingest.jar (.+)$", Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("docs/commands.md")))
            .results()
            .map(command -> command.group(1))
            .toList();

    assertThat(commands)
        .isNotEmpty()
        .allSatisfy(command -> Jar.run(space.environment(), command.split(" ")).succeeded());
  }
}
