package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.camelingest.local.LocalStack;
import io.github.camelingest.local.LocalStackException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.eventnotifications.s3.model.S3EventNotification;
import software.amazon.awssdk.eventnotifications.s3.model.S3EventNotificationRecord;

/** The local stack behaves as Amazon's servers where it matters here. */
class LocalStackIT {

  private final Space space = Space.create();

  @Test
  void tellsOfAnObjectAfterTheWriteInAmazonsJson() {
    // Given the message that S3 sends when a bucket is connected to a queue
    List<String> first = space.receive();
    assertThat(first).singleElement().asString().contains("\"s3:TestEvent\"");

    // When
    space.put("visits/a b+ü.jsonl", "12345");

    // Then
    String body = space.receive().get(0);
    assertThat(body)
        .contains("visits/a+b%2B%C3%BC.jsonl")
        .containsPattern("\\d{2}:\\d{2}\\.\\d{3}Z");
    S3EventNotificationRecord created = S3EventNotification.fromJson(body).getRecords().get(0);
    assertThat(created.getEventName()).isEqualTo("ObjectCreated:Put");
    assertThat(created.getEventTime())
        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
    assertThat(created.getS3().getBucket().getName()).isEqualTo(space.bucket());
    assertThat(created.getS3().getObject().getUrlDecodedKey()).isEqualTo("visits/a b+ü.jsonl");
    assertThat(created.getS3().getObject().getSizeAsLong()).isEqualTo(5);
    assertThat(created.getS3().getObject().getETag()).isEqualTo("827ccb0eea8a706c4c34a16891f84e7b");
  }

  @Test
  void listsAnObjectOnceItIsWritten() throws Exception {
    // Given an upload of which a part has come
    byte[] part = new byte[1 << 20];
    PipedOutputStream rest = new PipedOutputStream();
    InputStream content = new PipedInputStream(rest, part.length);
    CompletableFuture<Void> upload =
        CompletableFuture.runAsync(() -> space.put("visits/a.jsonl", content, 2 * part.length));
    rest.write(part);
    await().until(() -> content.available() == 0);

    // When
    List<String> meanwhile = space.keys();
    rest.write(part);
    rest.close();
    upload.get();

    // Then
    assertThat(meanwhile).isEmpty();
    assertThat(space.keys()).containsExactly("visits/a.jsonl");
  }

  @Test
  void keepsItsDataAndOutlivesAKilledJvm(@TempDir Path data) throws Exception {
    // Given a stack whose JVM is killed
    Process first = localMain(data);
    await().atMost(Duration.ofSeconds(60)).until(() -> first.getInputStream().available() > 0);
    first.destroyForcibly().waitFor();

    // When
    Process second = localMain(data);
    await().atMost(Duration.ofSeconds(60)).until(() -> second.getInputStream().available() > 0);

    // Then it runs on the same data, and stops without leaving a server behind
    assertThat(second.isAlive()).isTrue();
    Path pidFile = data.resolve("postgres/postmaster.pid");
    long pid = Long.parseLong(java.nio.file.Files.readAllLines(pidFile).get(0));
    assertThat(ProcessHandle.of(pid)).isPresent();
    second.destroy();
    second.waitFor();
    await().atMost(Duration.ofSeconds(20)).until(() -> ProcessHandle.of(pid).isEmpty());
  }

  @Test
  void postgresCanBeKilledAndStoppedAndKeepsWhatItCommitted(@TempDir Path data) {
    try (LocalStack stack = LocalStack.start(LocalStack.Options.in(data))) {
      // Given
      Space harmed = new Space(stack.space("harmed"));
      harmed.sql().sql("create table number (n integer)").update();

      // When
      List<Runnable> harms = List.of(stack::killPostgres, stack::stopPostgres);
      for (Runnable harm : harms) {
        harmed.sql().sql("insert into number select count(*) from number").update();
        harm.run();
        assertThatThrownBy(() -> harmed.number("select count(*) from number"))
            .hasRootCauseInstanceOf(ConnectException.class);
        stack.startPostgres();
      }

      // Then
      assertThat(harmed.text("select string_agg(n::text, ' ' order by n) from number"))
          .isEqualTo("0 1");
    }
    assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();
  }

  @Test
  void otherContainersReachS3AndSqsByName(@TempDir Path data) {
    LocalStack.Options options = LocalStack.Options.in(data);
    try (LocalStack stack = LocalStack.startObjects(options, "localhost")) {
      // When
      Map<String, String> environment = stack.space("shared");

      // Then
      assertThat(environment)
          .hasEntrySatisfying("AWS_ENDPOINT_URL_S3", s3 -> assertThat(s3).contains("//localhost:"))
          .hasEntrySatisfying("INGEST_QUEUE", queue -> assertThat(queue).contains("//localhost:"))
          .doesNotContainKey("INGEST_DB_URL");
      assertThat(data.resolve("postgres")).doesNotExist();
    }
  }

  @Test
  void aPortInUseIsNamed(@TempDir Path data) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int port = taken.getLocalPort();

      assertThatThrownBy(() -> LocalStack.start(new LocalStack.Options(data, port, 0, 0)))
          .isInstanceOf(LocalStackException.class)
          .hasMessageContaining("port %d for S3 is in use".formatted(port));
    }
  }

  private static Process localMain(Path data) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "io.github.camelingest.local.LocalMain",
            "--data",
            data.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
