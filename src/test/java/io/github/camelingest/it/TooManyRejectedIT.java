package io.github.camelingest.it;

import static io.github.camelingest.it.Jar.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelingest.local.SampleData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects of which more is wrong than their dataset's route allows. */
class TooManyRejectedIT {

  private final Space space = Space.create();
  private final Map<String, String> environment =
      with(space.environment(), "INGEST_BATCH_SIZE", "50");

  @Test
  void anObjectPastTheLimitFailsAsAWholeAndTheOthersLoad(
      @TempDir Path folder, @TempDir Path allowing) throws IOException {
    // Given
    Routes.copy(folder).replace("visits", "maxRejected: 100 %", "maxRejected: 20, 10 %");
    SampleData data = new SampleData(1);
    space.put("visits/few.jsonl", data.visits(90) + "bad\n".repeat(10));
    space.put("visits/share.jsonl", data.visits(89) + "bad\n".repeat(11));
    // The good lines behind the bad ones are not read any more.
    space.put("visits/number.jsonl", data.visits(500) + "bad\n".repeat(21) + data.visits(5_000));

    // When
    Jar.Result result = Jar.run(folder, environment, "load", "visits");

    // Then
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .contains(
            "visits/share.jsonl: failed: 11 of the 100 lines read are rejected, which is more than the route allows (maxRejected: 20, 10 %)");
    assertThat(
            space
                .sql()
                .sql(
                    "select concat_ws(' ', key, state, rows, rejected, attempts, committed) from ingest.object order by key")
                .query(String.class)
                .list())
        .containsExactly(
            "visits/few.jsonl loaded 90 10 1 {[1,101)}",
            "visits/number.jsonl failed 0 21 1 {}",
            "visits/share.jsonl failed 0 11 1 {}");
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(90);
    assertThat(space.number("select count(*) from ingest.rejected_line")).isEqualTo(42);

    // When nobody changes anything, it is not tried again
    assertThat(Jar.run(folder, environment, "load", "visits").succeeded().out())
        .contains("0 objects loaded");

    // When the route allows more
    Routes.copy(allowing);
    Jar.run(allowing, environment, "replay", "--rejected").succeeded();

    // Then
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(90 + 89 + 5_500);
    assertThat(space.number("select count(*) from ingest.rejected_line")).isEqualTo(42);
    assertThat(space.number("select count(*) from ingest.files where complete")).isEqualTo(3);
  }

  @Test
  void anObjectPastTheLimitGivesBackWhatItHadCorrected(@TempDir Path folder) throws IOException {
    // Given a visit that is reported again by an object of which too much is wrong
    Routes.copy(folder).replace("visits", "maxRejected: 100 %", "maxRejected: 10 %");
    String report =
        new SampleData(1).visits(1).replaceFirst("\"node_age\": \\d+", "\"node_age\": 1");
    space.put("visits/a.jsonl", report);
    Jar.run(folder, environment, "load", "visits").succeeded();
    space.put(
        "visits/b.jsonl",
        report.replace("\"node_age\": 1", "\"node_age\": 2").repeat(200) + "bad\n".repeat(100));

    // When
    Jar.run(folder, environment, "load", "visits");

    // Then
    assertThat(space.text("select state from ingest.object where key = 'visits/b.jsonl'"))
        .isEqualTo("failed");
    assertThat(space.number("select node_age from fsm.visit")).isEqualTo(1);
    assertThat(space.number("select count(*) from fsm.visit_corrected")).isZero();
  }
}
