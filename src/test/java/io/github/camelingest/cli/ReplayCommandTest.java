package io.github.camelingest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ReplayCommandTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--dry-run | which objects: --rejected, --object, --prefix or --since",
        "--rejected --continue | --continue alone",
        "--continue --dry-run | --continue alone",
        "--since yesterday | 'yesterday' is no time like 2026-11-24",
        "--since 2026-13-01 | '2026-13-01' is no time like 2026-11-24"
      })
  void aWrongSelectionIsExplained(String options, String message) {
    StringWriter err = new StringWriter();
    CommandLine command = new CommandLine(new ReplayCommand()).setErr(new PrintWriter(err));
    command.setExecutionExceptionHandler(
        (e, line, parsed) -> {
          line.getErr().println(e.getMessage());
          return 2;
        });

    assertThat(command.execute(options.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }

  @Test
  void aTimeWithoutAZoneIsThisMachines() throws Exception {
    ReplayCommand.Time time = new ReplayCommand.Time();

    assertThat(time.convert("2026-11-24T08:00+02:00"))
        .isEqualTo(Instant.parse("2026-11-24T06:00:00Z"));
    assertThat(LocalDateTime.ofInstant(time.convert("2026-11-24T08:00"), ZoneId.systemDefault()))
        .isEqualTo(LocalDateTime.of(2026, 11, 24, 8, 0));
    assertThat(LocalDateTime.ofInstant(time.convert("2026-11-24"), ZoneId.systemDefault()))
        .isEqualTo(LocalDateTime.of(2026, 11, 24, 0, 0));
  }
}
