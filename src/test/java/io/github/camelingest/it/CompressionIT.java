package io.github.camelingest.it;

import static io.github.camelingest.it.Jar.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStream;
import io.github.camelingest.compression.Packed;
import io.github.camelingest.it.FaultProxy.Fault;
import io.github.camelingest.local.SampleData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Objects of every format, whole, damaged, cut off and huge. */
class CompressionIT {

  private static final int MIB = 1 << 20;
  private static final int GZIP_HEADER = 10;
  private static final int GZIP_FLAGS = 3;
  private static final byte GZIP_FNAME = 8;

  private final Space space = Space.create();
  private final SampleData data = new SampleData(1);

  @Test
  void oneRunLoadsEveryFormatAndOfDamagedObjectsTheLinesBefore() throws IOException {
    // Given whole objects, whose names tell nothing
    for (Packed format : Packed.values()) {
      space.put("visits/whole/%s.jsonl".formatted(format), format.pack(visits(100)));
    }
    space.put("visits/whole/named.gz", named(Packed.GZIP.pack(visits(100))));
    space.put("visits/whole/plain.gz", visits(100));
    space.put("visits/whole/empty.gz", new byte[0]);
    space.put("visits/whole/encoded", Packed.GZIP.pack(visits(100)), "gzip");
    space.put("visits/whole/said-to-be-encoded", visits(100), "gzip");
    // And damaged ones
    for (Packed format : Packed.values()) {
      byte[] packed = format.pack(visits(1_000));
      space.put("visits/truncated/%s".formatted(format), Arrays.copyOf(packed, packed.length - 20));
    }
    space.put("visits/refused/archive.zip", "PK\3\4".getBytes(StandardCharsets.ISO_8859_1));
    space.put("visits/refused/window.zst", zstdWithWindowOf16MiB(visits(100)));
    // And a line of 1 GiB, with good lines behind it
    space.put(
        "visits/whole/huge.zst",
        zstdOfBlanksAnd(1024, "\n" + new String(visits(100), StandardCharsets.UTF_8)));

    // When
    Jar.Result result = Jar.run(space.environment(), "load", "visits");

    // Then
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(
            space.number(
                "select count(*) from ingest.files where object like '%/visits/whole/%' and state = 'loaded' and complete"))
        .as(result.err())
        .isEqualTo(11);
    assertThat(space.number("select sum(rows) from ingest.object where key like 'visits/whole/%'"))
        .isEqualTo(1_000);
    assertThat(
            space.rows(
                "select key, line, reason from ingest.rejected_line join ingest.object on id = object_id"))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("key", "visits/whole/huge.zst")
                    .containsEntry("line", 1L)
                    .containsEntry("reason", "too_long"));
    assertThat(
            space.rows(
                "select error, rows, rejected, attempts from ingest.object where key like 'visits/truncated/%' and state = 'failed'"))
        .hasSize(Packed.values().length)
        .allSatisfy(
            row -> {
              assertThat(row).containsEntry("attempts", 1).containsEntry("rejected", 0L);
              assertThat((long) row.get("rows")).isPositive();
              assertThat(row.get("error").toString())
                  .matches(
                      "damaged behind line %s: the \\w+ data end too early; the lines before are loaded"
                          .formatted(row.get("rows")));
            });
    assertThat(
            space
                .sql()
                .sql(
                    "select error from ingest.object where key like 'visits/refused/%' and state = 'failed' order by key")
                .query(String.class)
                .list())
        .satisfiesExactly(
            archive -> assertThat(archive).startsWith("it is a zip archive; upload its files"),
            window -> assertThat(window).startsWith("it needs a window of more than 8 MiB"));
    assertThat(space.number("select count(*) from ingest.object where plain"))
        .as("plain ones, of which a resume fetches the rest only")
        .isEqualTo(3);
  }

  @Test
  void whatIsOnShowStaysWhenItsSuccessorIsDamagedOrABomb() {
    Map<String, String> environment =
        with(
            with(with(space.environment(), "INGEST_QUEUE", ""), "INGEST_POLL_INTERVAL", "300ms"),
            "INGEST_MAX_COMPRESSION_RATIO",
            "100");
    try (Jar jar = Jar.start(environment, "run")) {
      // Given
      space.put("visits/a", visits(1_000));
      space.put("network/network.adjlist", data.network());
      jar.awaitUntil(() -> space.number(count("loaded")) == 2);

      // When
      space.put("visits/a", damaged(visits(2_000)));
      space.put(
          "network/network.adjlist",
          damaged(new SampleData(2).network().getBytes(StandardCharsets.UTF_8)));
      space.put("visits/bomb", zstdOfBlanksAnd(64, ""));
      jar.awaitUntil(() -> space.number(count("failed")) == 3);
    }

    // Then
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(1_000);
    assertThat(space.number("select count(*) from fsm.visit_incoming")).isPositive();
    assertThat(space.number("select count(*) from fsm.network_edge")).isEqualTo(SampleData.EDGES);
    assertThat(space.number(count("loaded"))).isEqualTo(2);
    assertThat(space.text("select error from ingest.object where key = 'visits/bomb'"))
        .isEqualTo(
            "it decompresses to more than 100 times its size (ingest.max-compression-ratio)");
  }

  @Test
  void aConnectionThatBreaksInTheMiddleIsNoDamage() {
    byte[] visits = visits(50_000);
    try (FaultProxy s3 =
        FaultProxy.to(URI.create(space.environment().get("AWS_ENDPOINT_URL_S3")))) {
      for (Packed format : new Packed[] {Packed.GZIP, Packed.ZSTD}) {
        byte[] packed = format.pack(format == Packed.GZIP ? visits : visits(50_000));
        s3.on(request -> request.path().endsWith("/" + format), Fault.cutAfter(packed.length / 2));
        space.put("visits/" + format, packed);
      }
      Map<String, String> environment =
          with(
              with(space.environment(), "AWS_ENDPOINT_URL_S3", s3.endpoint().toString()),
              "INGEST_BATCH_SIZE",
              "1000");
      try (Jar jar = Jar.start(environment, "run")) {
        jar.awaitUntil(
            () ->
                space.number(
                        "select count(*) from ingest.object where rows > 0 and error like 'reading stopped behind line%'")
                    == 2);

        // When
        s3.heal();
        jar.awaitUntil(() -> space.number(count("loaded")) == 2);
      }
    }

    // Then
    assertThat(space.number("select sum(rows) from ingest.files where complete"))
        .isEqualTo(100_000);
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(100_000);
    assertThat(space.number("select min(attempts) from ingest.object")).isGreaterThan(1);
  }

  private byte[] visits(int count) {
    return data.visits(count).getBytes(StandardCharsets.UTF_8);
  }

  private static String count(String state) {
    return "select count(*) from ingest.object where state = '%s'".formatted(state);
  }

  private static byte[] damaged(byte[] content) {
    byte[] packed = Packed.GZIP.pack(content);
    return Arrays.copyOf(packed, packed.length - 1);
  }

  private static byte[] zstdWithWindowOf16MiB(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZstdOutputStream out = new ZstdOutputStream(bytes).setLong(24)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private static byte[] zstdOfBlanksAnd(int mebibytes, String rest) {
    byte[] blanks = new byte[MIB];
    Arrays.fill(blanks, (byte) ' ');
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZstdOutputStream out = new ZstdOutputStream(bytes)) {
      for (int i = 0; i < mebibytes; i++) {
        out.write(blanks);
      }
      out.write(rest.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** As the program gzip writes it: with the name of the file that it was (RFC 1952, FNAME). */
  private static byte[] named(byte[] gzip) {
    byte[] name = "visits.jsonl\0".getBytes(StandardCharsets.ISO_8859_1);
    byte[] named = new byte[gzip.length + name.length];
    System.arraycopy(gzip, 0, named, 0, GZIP_HEADER);
    named[GZIP_FLAGS] = GZIP_FNAME;
    System.arraycopy(name, 0, named, GZIP_HEADER, name.length);
    System.arraycopy(
        gzip, GZIP_HEADER, named, GZIP_HEADER + name.length, gzip.length - GZIP_HEADER);
    return named;
  }
}
