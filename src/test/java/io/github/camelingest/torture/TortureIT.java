package io.github.camelingest.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * The torture, and that it would find a broken application. Only in the Maven profile {@code
 * torture}; {@code -Dtorture.rounds} and {@code -Dtorture.seed} are its settings.
 */
class TortureIT {

  /** By far enough to find what is broken; the torture ends when it has. */
  private static final int MOST_ROUNDS = 30;

  private record Run(int exitCode, String out) {}

  @Test
  void leavesTheTablesOfAnUndisturbedRun() {
    List<String> arguments =
        new ArrayList<>(List.of("--rounds", System.getProperty("torture.rounds", "20")));
    if (System.getProperty("torture.seed") != null) {
      arguments.addAll(List.of("--seed", System.getProperty("torture.seed")));
    }

    Run run = torture(arguments.toArray(String[]::new));

    assertThat(run.exitCode()).as(run.out()).isZero();
  }

  @Test
  void findsAMessageThatIsDeletedBeforeTheCommit() {
    Run run = torture("--rounds", "" + MOST_ROUNDS, "--broken", "acknowledge-early");

    assertThat(run.exitCode()).as(run.out()).isEqualTo(1);
    assertThat(run.out()).contains("a message was deleted before its object stood in the ledger");
  }

  @Test
  void findsRowsThatCommitBeforeTheLedger() {
    Run run = torture("--rounds", "" + MOST_ROUNDS, "--broken", "second-transaction");

    assertThat(run.exitCode()).as(run.out()).isEqualTo(1);
    assertThat(run.out())
        .containsAnyOf(
            "rows were committed before the ledger's progress",
            "lines were delivered twice",
            "torture.journal: only in the tortured database");
  }

  private static Run torture(String... arguments) {
    StringWriter out = new StringWriter();
    int exitCode =
        new CommandLine(new Torture())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(out))
            .execute(arguments);
    return new Run(exitCode, out.toString());
  }
}
