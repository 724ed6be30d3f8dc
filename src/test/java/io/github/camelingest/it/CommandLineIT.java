package io.github.camelingest.it;

import static io.github.camelingest.it.Jar.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelingest.local.SampleData;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line as a user meets it, wrong settings included. */
class CommandLineIT {

  private final Space space = Space.withoutSchemas();

  @Test
  void noBucketIsSaidInOneLine() {
    Map<String, String> environment = with(space.environment(), "INGEST_BUCKET", "");

    assertExplained(Jar.run(environment), "no bucket is set", "INGEST_BUCKET");
  }

  @Test
  void aBucketThatDoesNotExistIsSaidInOneLine() {
    Map<String, String> environment = with(space.environment(), "INGEST_BUCKET", "nobodys");

    assertExplained(
        Jar.run(environment),
        "bucket 'nobodys' does not exist",
        "environment variable INGEST_BUCKET");
  }

  @Test
  void wrongAwsCredentialsAreSaidInOneLine() {
    Map<String, String> environment = with(space.environment(), "AWS_SECRET_ACCESS_KEY", "wrong");

    assertExplained(Jar.run(environment), "access to bucket", "is denied", "AWS credentials");
  }

  @Test
  void missingAwsCredentialsAreSaidInOneLine(@TempDir Path home) {
    Map<String, String> environment = new HashMap<>(space.environment());
    environment.remove("AWS_ACCESS_KEY_ID");
    environment.put("AWS_EC2_METADATA_DISABLED", "true");
    environment.put("AWS_SHARED_CREDENTIALS_FILE", home.resolve("none").toString());

    assertExplained(Jar.run(environment), "no AWS credentials are found", "check AWS_REGION");
  }

  @Test
  void aMissingRegionIsSaidInOneLine(@TempDir Path home) {
    Map<String, String> environment = new HashMap<>(space.environment());
    environment.remove("AWS_REGION");
    environment.put("AWS_EC2_METADATA_DISABLED", "true");
    environment.put("AWS_CONFIG_FILE", home.resolve("none").toString());

    assertExplained(Jar.run(environment), "the AWS region is not known", "AWS_REGION");
  }

  @Test
  void aBucketThatCannotBeLookedThroughIsAnError() {
    // Given a ledger that cannot be asked
    Jar.run(space.environment(), "load", "visits").succeeded();
    space.put("visits/a.jsonl", "");
    space.sql().sql("alter table ingest.object rename column gone_since to gone").update();

    assertExplained(
        Jar.run(space.environment(), "load", "visits"),
        "visits cannot be looked through",
        "gone_since");
  }

  @Test
  void aMissingQueueIsSaidInOneLine() {
    Map<String, String> environment = with(space.environment(), "INGEST_QUEUE", "nobodys");

    assertExplained(
        Jar.run(environment),
        "queue 'nobodys' does not exist",
        "environment variable INGEST_QUEUE");
  }

  @Test
  void aDatabaseThatDoesNotExistIsSaidInOneLine() {
    Map<String, String> environment =
        with(space.environment(), "INGEST_DB_URL", space.environment().get("INGEST_DB_URL") + "x");

    assertExplained(Jar.run(environment), "does not exist", "environment variable INGEST_DB_URL");
  }

  @Test
  void aWrongPasswordIsSaidInOneLineWithoutThePassword() {
    Map<String, String> environment = with(space.environment(), "INGEST_DB_PASSWORD", "hunter2");

    Jar.Result result = Jar.run(environment);

    assertExplained(result, "wrong user or password", "environment variable INGEST_DB_PASSWORD");
    assertThat(result.err()).doesNotContain("hunter2");
  }

  @Test
  void aWrongSettingInTheFileIsSaidInOneLine(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("application.properties"), "ingest.batch-size=lots\n");

    assertExplained(
        Jar.run(folder, space.environment()),
        "ingest.batch-size is 'lots'",
        "application.properties",
        "whole number");
  }

  @Test
  void aBrokenRouteIsSaidInOneLine(@TempDir Path folder) throws IOException {
    Files.createDirectory(folder.resolve("routes"));
    Files.writeString(
        folder.resolve("routes/mine.camel.yaml"),
        "- route:\n    from:\n      uri: nosuch:thing\n      steps:\n        - stop: {}\n");

    assertExplained(Jar.run(folder, space.environment()), "the routes in file:", "nosuch");
  }

  @Test
  void aSchemaOfSomebodyElseIsLeftAlone() {
    space.sql().sql("create schema fsm").update();

    assertExplained(
        Jar.run(space.environment(), "load", "visits"), "do not fit the database", "fsm");

    assertThat(space.number("select count(*) from pg_tables where schemaname = 'fsm'")).isZero();
  }

  @Test
  void statusOfADatabaseWithoutALedgerIsSaidInOneLine() {
    assertExplained(Jar.run(space.environment(), "status"), "has no ledger", "INGEST_DB_URL");
  }

  @Test
  void verboseShowsTheStackTrace() {
    Map<String, String> environment = with(space.environment(), "INGEST_BUCKET", "nobodys");

    assertThat(Jar.run(environment, "run", "--verbose").err())
        .contains("\tat io.github.camelingest");
  }

  @ParameterizedTest
  @CsvSource({
    "lode, Did you mean: camel-ingest load",
    "load, Usage: camel-ingest load",
    "load visits --never, Usage: camel-ingest load"
  })
  void wrongUsageShowsTheRightOne(String arguments, String hint) {
    Jar.Result result = Jar.run(Map.of(), arguments.split(" "));

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains(hint).doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "run --help", "load --help", "rejects --help"})
  void helpNeedsNoSettings(String arguments) {
    assertThat(Jar.run(Map.of(), arguments.split(" ")).succeeded().out())
        .contains("Usage: camel-ingest", "Exit codes:");
  }

  @Test
  void versionNamesTheBuildAndCamel() {
    assertThat(Jar.run(Map.of(), "--version").succeeded().out())
        .matches("(?s)camel-ingest \\S+ \\((commit \\S+, )?Camel 4\\.18\\.0\\)\\s*");
  }

  @Test
  void statusCountsPerDataset() throws IOException {
    space.put("visits/a.jsonl", new SampleData(1).visits(10) + "broken\n");
    Jar.run(space.environment(), "load", "visits").succeeded();

    String table = Jar.run(space.environment(), "status").succeeded().out();
    JsonNode json =
        new ObjectMapper()
            .readTree(Jar.run(space.environment(), "status", "--json").succeeded().out());

    assertThat(table).containsPattern("visits +0 +0 +1 +0 +0 +10 +1 ");
    JsonNode datasets = json.get("datasets");
    assertThat(datasets).hasSize(1);
    assertThat(datasets.get(0).get("dataset").asText()).isEqualTo("visits");
    assertThat(datasets.get(0).get("rows").asInt()).isEqualTo(10);
    assertThat(datasets.get(0).get("rejected").asInt()).isEqualTo(1);
  }

  @Test
  void nothingOfTestsOrEmulatorsIsInTheJar() throws IOException {
    try (JarFile jar = new JarFile(Jar.FILE.toFile())) {
      assertThat(jar.stream().map(entry -> entry.getName()))
          .contains(
              "routes/visits.camel.yaml", "sql/load/visits.sql", "sql/migrations/V1__ledger.sql")
          .noneMatch(
              name ->
                  name.startsWith("io/github/camelingest/local/")
                      || name.startsWith("org/gaul/")
                      || name.startsWith("org/elasticmq/")
                      || name.startsWith("io/zonky/")
                      || name.startsWith("org/junit/")
                      || name.startsWith("org/springframework/boot/")
                      || name.startsWith("io/quarkus/"));
    }
  }

  private static void assertExplained(Jar.Result result, String... parts) {
    assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
    assertThat(result.err().strip().lines()).hasSize(1);
    assertThat(result.err()).startsWith("camel-ingest: ").contains(parts);
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
