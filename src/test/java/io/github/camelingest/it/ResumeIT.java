package io.github.camelingest.it;

import static io.github.camelingest.it.Jar.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelingest.it.FaultProxy.Fault;
import io.github.camelingest.local.SampleData;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A load that goes on does not read again what is committed. */
class ResumeIT {

  private static final int BYTES = 200_000_000;

  private final Space space = Space.create();

  @Test
  void goingOnAt90PercentOfALargeObjectFetchesLittleMoreThanTheRest() {
    // Given an object whose connection is cut at 90 %
    SampleData data = new SampleData(1);
    StringBuilder lines = new StringBuilder(BYTES + 1_000);
    long count = 0;
    while (lines.length() < BYTES) {
      lines.append(data.visit()).append('\n');
      count++;
    }
    space.put("visits/large.jsonl", lines.toString().getBytes(StandardCharsets.UTF_8));
    try (FaultProxy s3 =
        FaultProxy.to(URI.create(space.environment().get("AWS_ENDPOINT_URL_S3")))) {
      Map<String, String> environment =
          with(space.environment(), "AWS_ENDPOINT_URL_S3", s3.endpoint().toString());
      s3.on(request -> request.path().endsWith("large.jsonl"), Fault.cutAfter(BYTES / 10 * 9));
      Jar.Result cut = Jar.run(environment, "load", "visits");
      assertThat(cut.exitCode()).isEqualTo(1);
      assertThat(cut.err())
          .contains("not loaded, will be tried again: reading stopped behind line");
      s3.heal();
      long fetched = s3.bodyBytesSent();

      // When
      Jar.Result resumed = Jar.run(with(environment, "INGEST_LOG_LEVEL", "info"), "load", "visits");

      // Then
      assertThat(resumed.succeeded().err()).contains("; earlier attempts had ");
      assertThat(s3.bodyBytesSent() - fetched).isLessThan(BYTES / 100 * 15);
    }
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(count);
    assertThat(space.number("select rows from ingest.files where complete")).isEqualTo(count);
    assertThat(space.text("select committed_bytes::text from ingest.object"))
        .isEqualTo("{[0,%d)}".formatted(lines.length()));
  }
}
