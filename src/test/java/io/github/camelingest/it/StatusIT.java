package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelingest.local.SampleData;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code status} beside an instance that is in the middle of a load. */
class StatusIT {

  private static final Space SPACE = Space.create();
  private static final String ESCAPE = "\u001b";

  /** For a shell. */
  private static final String JAVA =
      String.join(
          " ",
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-XX:TieredStopAtLevel=1",
          "-Xlog:disable",
          "-jar",
          Jar.FILE.toString());

  private static Jar jar;
  private static Connection connection;

  /** One object is loaded, with a rejected line, one has failed, and one does not get on. */
  @BeforeAll
  static void load() throws Exception {
    SPACE.put("visits/\u202eodd.jsonl", new SampleData(1).visits(1_000) + "broken\n");
    byte[] cut = SampleData.gzip(new SampleData(2).visits(100));
    SPACE.put("visits/cut.jsonl.gz", Arrays.copyOf(cut, 20));
    jar = Jar.start(Jar.watched(SPACE.environment()), "run");
    jar.awaitUntil(
        () ->
            SPACE.number("select count(*) from ingest.object where state in ('loaded', 'failed')")
                == 2);
    connection = SPACE.connection();
    connection.setAutoCommit(false);
    try (Statement lock = connection.createStatement()) {
      lock.execute("lock table fsm.visit in share row exclusive mode");
    }
    SPACE.put("visits/large.jsonl", new SampleData(3).visits(60_000));
    jar.awaitUntil(() -> SPACE.text("select loading::text from ingest.instance").contains("bytes"));
  }

  @AfterAll
  static void end() throws Exception {
    connection.close();
    jar.close();
  }

  @Test
  void tellsWhatHappens() throws IOException {
    String text = Jar.run(SPACE.environment(), "status").succeeded().out();
    JsonNode json = json(Jar.run(SPACE.environment(), "status", "--json").succeeded().out());

    assertThat(text)
        .containsPattern("visits +0 +1 +1 +1 +0 +1,000 +1 +3")
        .containsPattern(
            "visits: last loaded \\d+s ago: s3://\\S+/visits/\\\\u202eodd.jsonl \\(1,000 rows")
        .containsPattern(
            "s3://\\S+/visits/large.jsonl\n    \\d+ %, 0 rows, 0 rejected, [0-9,<]+ rows/s, began")
        .containsPattern("cut.jsonl.gz\n    1 attempts: damaged in line 1")
        .containsPattern("visits not_json: 1 lines of 1 objects")
        .containsPattern("instance \\S+:\\d+, version \\S+, started \\d+s ago, http://127.0.0.1:")
        .containsPattern("started: .*\\bvisits\\b");
    assertThat(json.at("/datasets/1/rows").asLong()).isEqualTo(1_000);
    assertThat(json.at("/datasets/1/last/object").asText()).endsWith("/visits/\u202eodd.jsonl");
    assertThat(json.at("/loading/0/object").asText()).endsWith("/visits/large.jsonl");
    assertThat(json.at("/loading/0/bytes").asLong())
        .isBetween(1L, json.at("/loading/0/size").asLong());
    assertThat(json.at("/failed/some/0/error").asText()).contains("damaged");
    assertThat(json.at("/rejected/0/reason").asText()).isEqualTo("not_json");
    assertThat(json.at("/instances/0/present").asBoolean()).isTrue();
    assertThat(json.at("/instances/0/routes").findValuesAsText("id")).contains("visits", "network");
    assertThat(json.at("/instances/0/routes").findValuesAsText("state")).containsOnly("started");
  }

  @Test
  void aNarrowTerminalGetsNoTable() throws Exception {
    String shown = onTerminal(40, 200, "");

    assertThat(shown)
        .contains("  loaded                1", "exit 0")
        .doesNotContain("waiting loading");
  }

  @Test
  void watchingChangesTheScreenInPlaceUntilControlC() throws Exception {
    String shown = onTerminal(100, 200, "\u0003", "--watch");

    assertThat(shown).contains("waiting loading", ESCAPE, "exit 0").doesNotContain("\tat ");
  }

  @Test
  void watchingByAScriptIsALineEachTimeUntilNobodyReads() throws Exception {
    Process process =
        inShell("%s status --watch --json | head -n 2".formatted(JAVA))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();

    List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();

    assertThat(lines).hasSize(2);
    assertThat(json(lines.get(1)).at("/at").asText())
        .isGreaterThan(json(lines.get(0)).at("/at").asText());
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void watchingGoesOnWhilePostgresIsAway(@TempDir Path folder) {
    Map<String, String> away =
        Jar.with(SPACE.environment(), "INGEST_DB_URL", "jdbc:postgresql://127.0.0.1:1/ingest");

    Path log = folder.resolve("watch");
    try (Jar watch = Jar.start(Path.of(""), away, log, "status", "--watch")) {
      watch.awaitUntil(
          () ->
              Files.readString(Path.of(log + ".out")).split("no PostgreSQL answers at", -1).length
                  > 2);

      assertThat(watch.isRunning()).isTrue();
      watch.terminate();
      assertThat(watch.await(Duration.ofSeconds(20)).exitCode()).isZero();
    }
    Jar.Result once = Jar.run(away, "status");
    assertThat(once.exitCode()).isEqualTo(2);
    assertThat(once.err().lines()).hasSize(1);
  }

  @Test
  void anInstanceThatEndsIsNotToldOfAndOneThatCrashesIs() {
    Space space = Space.create();
    try (Jar ends = Jar.start(space.environment(), "run")) {
      ends.awaitUntil(() -> space.number("select count(*) from ingest.instance") == 1);
      ends.terminate();
      ends.await();
    }
    assertThat(space.number("select count(*) from ingest.instance")).isZero();

    // When it crashes, and its lease is over
    try (Jar crashes = Jar.start(space.environment(), "run")) {
      crashes.awaitUntil(() -> space.number("select count(*) from ingest.instance") == 1);
    }
    space.sql().sql("update ingest.instance set seen_at = seen_at - interval '30 s'").update();

    assertThat(Jar.run(space.environment(), "status").succeeded().out()).contains("NOT seen for 3");
  }

  /**
   * What is shown on a terminal of this size, and the exit code.
   *
   * @param keys typed once something is shown
   */
  private static String onTerminal(int columns, int rows, String keys, String... options)
      throws Exception {
    Path script = Files.createTempFile("status", ".sh");
    Path shown = Files.createTempFile("status", ".out");
    try {
      Files.writeString(
          script,
          "stty cols %d rows %d; %s status %s; echo exit $?"
              .formatted(columns, rows, JAVA, String.join(" ", options)));
      // Script, of util-linux, has a terminal of its own for the command. Whoever runs tests in the
      // background may have had Ctrl-C ignored, by all that they start, too.
      ProcessBuilder terminal =
          inShell("exec env --default-signal=INT script -qfc 'bash %s' /dev/null".formatted(script))
              .redirectOutput(shown.toFile())
              .redirectErrorStream(true);
      terminal.environment().put("TERM", "xterm");
      Process process = terminal.start();
      try (OutputStream keyboard = process.getOutputStream()) {
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> Files.readString(shown).contains("instance") || !process.isAlive());
        if (!keys.isEmpty()) {
          keyboard.write(keys.getBytes(StandardCharsets.UTF_8));
          keyboard.flush();
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(Files.readString(shown)).isTrue();
      } finally {
        process.destroyForcibly();
      }
      return Files.readString(shown);
    } finally {
      Files.delete(script);
      Files.delete(shown);
    }
  }

  private static ProcessBuilder inShell(String command) {
    ProcessBuilder shell = new ProcessBuilder("sh", "-c", command);
    shell.environment().putAll(SPACE.environment());
    return shell;
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }
}
