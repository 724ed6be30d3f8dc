package io.github.camelingest.it;

import static io.github.camelingest.it.Jar.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelingest.local.SampleData;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command where something around it is wrong: a clear message, and the right exit code. */
class WrongUseIT {

  private static final int NARROW = 40;

  /** With one visit, and one rejected line. */
  private static Space space;

  @BeforeAll
  static void load() {
    space = Space.create();
    space.put("visits/a.jsonl", new SampleData(1).visits(1) + "rubbish\n");
    Jar.run(space.environment(), "load", "visits").succeeded();
  }

  @ParameterizedTest
  @CsvSource({
    "load orders, there is no dataset 'orders'; there are",
    "reconcile orders, there is no dataset 'orders'; there are",
    "rejects --dataset orders, there is no dataset 'orders'; there are [",
    "rejects --dataset orders --export -, there is no dataset 'orders'; there are [",
    "rejects --export /no/such/folder/r.jsonl, /no/such/folder/r.jsonl cannot be written: there is no such folder",
    "replay --object visits/none.jsonl, no loaded or failed object",
    "load visits --prefix orders/, no key of visits begins with 'orders/'",
  })
  void whatIsNotThere(String command, String message) {
    assertExplained(Jar.run(space.environment(), command.split(" ")), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "load visits",
        "status",
        "rejects",
        "replay --rejected",
        "replay --rejected --dry-run",
        "reconcile"
      })
  void aDatabaseThatIsAway(String command) throws IOException {
    Map<String, String> environment =
        with(
            space.environment(),
            "INGEST_DB_URL",
            "jdbc:postgresql://127.0.0.1:%d/ingest".formatted(CommandLineIT.freePort()));

    assertExplained(Jar.run(environment, command.split(" ")), "no PostgreSQL answers at");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "load visits", "reconcile"})
  void anS3ThatIsAway(String command) throws IOException {
    Map<String, String> environment =
        with(
            space.environment(),
            "AWS_ENDPOINT_URL_S3",
            "http://127.0.0.1:" + CommandLineIT.freePort());

    assertExplained(Jar.run(environment, command.split(" ")), "S3 cannot be reached");
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "rejects --export -", "load --help"})
  void aFullDisk(String command) {
    Jar.Result result =
        Jar.inShell(
            with(space.environment(), "INGEST_LOG_LEVEL", "error"),
            "$CAMEL_INGEST " + command + " >/dev/full");

    assertExplained(result, "standard output cannot be written: No space left on device");
  }

  @Test
  void aFullDiskForAFileLeavesNothingBehind() {
    // A limit of what a process may write; there the system says so in other words.
    Jar.Result result =
        Jar.inShell(
            space.environment(),
            """
            folder=$(mktemp -d)
            (ulimit -f 0; exec ${CAMEL_INGEST/ -jar/ -XX:-UsePerfData -jar} rejects --export "$folder/r.jsonl" 2>&1) | cat >&2
            code=${PIPESTATUS[0]}
            ls -A "$folder"
            rm -r "$folder"
            exit "$code"
            """);

    assertExplained(result, "r.jsonl cannot be written: File too large");
    assertThat(result.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rejects", "rejects --export -", "load visits", "doctor"})
  void aReaderWhoHasLeft(String command) {
    Jar.Result result =
        Jar.inShell(
            with(space.environment(), "INGEST_LOG_LEVEL", "error"),
            "$CAMEL_INGEST %s | true; exit ${PIPESTATUS[0]}".formatted(command));

    assertThat(result.succeeded().err())
        .doesNotContain("camel-ingest:", "\tat ", "Exception", "pipe");
  }

  @ParameterizedTest
  @ValueSource(strings = {"load --help", "rejects", "doctor"})
  void aNarrowTerminal(String command) {
    Jar.Result result =
        Jar.inShell(
            space.environment(),
            "script -qec \"stty cols %d; exec $CAMEL_INGEST %s\" /dev/null"
                .formatted(NARROW, command));

    assertThat(result.succeeded().out().replaceAll("\u001b\\[[0-9;]*m", "").lines())
        // A long word, such as a location, stays whole, for whoever copies it
        .allMatch(
            line ->
                line.length() <= NARROW || line.strip().matches("(\\S+ )?\\S{25,}( line \\d+)?"));
  }

  @Test
  void coloursAreForATerminalThatWantsThem() {
    String script = "script -qec \"$CAMEL_INGEST --help\" /dev/null";
    Map<String, String> environment = with(space.environment(), "TERM", "xterm-256color");

    assertThat(Jar.inShell(environment, script).succeeded().out()).contains("\u001b[");
    assertThat(Jar.inShell(with(environment, "NO_COLOR", "1"), script).succeeded().out())
        .doesNotContain("\u001b[");
    assertThat(Jar.run(environment, "--help").succeeded().out()).doesNotContain("\u001b[");
  }

  @Test
  void aShellCompletesWhatIsBegun() {
    assertThat(
            Jar.inShell(
                    Map.of(),
                    """
                    set -e
                    source <($CAMEL_INGEST generate-completion)
                    COMP_WORDS=(camel-ingest rec)
                    COMP_CWORD=1
                    COMP_LINE='camel-ingest rec'
                    COMP_POINT=16
                    _complete_camel-ingest
                    printf '%s\\n' "${COMPREPLY[@]}"
                    """)
                .succeeded()
                .out())
        .isEqualTo("reconcile\n");
  }

  private static void assertExplained(Jar.Result result, String... parts) {
    assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
    assertThat(result.err().strip().lines()).hasSize(1);
    assertThat(result.err()).startsWith("camel-ingest: ").contains(parts);
  }
}
