package io.github.camelingest.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelingest.ledger.AfterLoad;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

  @Test
  void defaults() {
    Settings settings = settings(Map.of(), Map.of());

    assertThat(settings.queue()).isEmpty();
    assertThat(settings.foreignEvents()).isEqualTo("delete");
    assertThat(settings.pollInterval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.reconcileInterval()).isEqualTo(Duration.ofHours(1));
    assertThat(settings.afterLoad()).isEqualTo(new AfterLoad(AfterLoad.Action.KEEP, "loaded/"));
    assertThat(settings.batchSize()).isEqualTo(4000);
    assertThat(settings.batchInterval()).isEqualTo(Duration.ofMillis(200));
    assertThat(settings.writers()).isEqualTo(2);
    assertThat(settings.maxInFlight()).isEqualTo(4);
    assertThat(settings.maxAttempts()).isEqualTo(5);
    assertThat(settings.maxLineBytes()).isEqualTo(1_048_576);
    assertThat(settings.maxCompressionRatio()).isEqualTo(Long.MAX_VALUE);
    assertThat(settings.dbUrl()).isEqualTo("jdbc:postgresql://localhost:5432/ingest");
    assertThat(settings.dbUser()).isEqualTo("ingest");
    assertThat(settings.dbPassword()).isEmpty();
    assertThat(settings.logLevel()).isEqualTo("info");
    assertThat(settings.logFormat()).isEqualTo("text");
  }

  @Test
  void messagesNameTheDatabaseWithoutWhatMayBeAPassword() {
    Settings settings =
        settings(
            Map.of("ingest.db.url", "jdbc:postgresql://db:5432/ingest?user=me&password=hunter2"),
            Map.of());

    assertThat(settings.dbPlace()).isEqualTo("jdbc:postgresql://db:5432/ingest");
  }

  @Test
  void theDocumentationNamesEveryKeyWithItsDefault() throws IOException {
    Map<String, String> documented = new TreeMap<>();
    Pattern.compile("^\\| `(ingest\\.[a-z.-]+)` \\|\\s*`?([^`|]*?)`?\\s*\\|", Pattern.MULTILINE)
        .matcher(Files.readString(Path.of("docs/settings.md")))
        .results()
        .forEach(row -> documented.put(row.group(1), row.group(2).strip()));

    assertThat(documented).isEqualTo(Settings.DEFAULTS);
  }

  @Test
  void everyKeyHasItsEnvironmentVariableWhichWins() {
    Settings settings =
        settings(
            Map.of("ingest.bucket", "of the file", "ingest.batch-size", "7"),
            Map.of("INGEST_BUCKET", "of the environment"));

    assertThat(settings.bucket()).isEqualTo("of the environment");
    assertThat(settings.source("ingest.bucket")).isEqualTo("environment variable INGEST_BUCKET");
    assertThat(settings.batchSize()).isEqualTo(7);
    assertThat(settings.source("ingest.batch-size"))
        .isEqualTo("ingest.batch-size in test.properties");
  }

  @ParameterizedTest
  @CsvSource({
    "ingest.batch-size, 0, a whole number from 1 to 100000",
    "ingest.batch-size, many, a whole number from 1 to 100000",
    "ingest.foreign-events, ignore, delete or leave",
    "ingest.writers, -1, a whole number from 1 to 64",
    "ingest.max-compression-ratio, 1.5, a whole number from 1 to 2147483647",
    "ingest.after-load, remove, 'keep, tag, move or delete'",
    "ingest.move-to, loaded, a prefix in the objects' own bucket like loaded/",
    "ingest.move-to, /loaded/, a prefix in",
    "ingest.move-to, s3://other/, a prefix in",
    "ingest.move-to, '', a prefix in",
    "ingest.poll-interval, 10, a duration like",
    "ingest.batch-interval, 0ms, a duration like",
    "ingest.db.url, postgres://host/db, a JDBC URL like"
  })
  void aWrongValueIsNamedWithItsSource(String key, String value, String expected) {
    assertThatThrownBy(() -> settings(Map.of(key, value), Map.of()).check())
        .isInstanceOf(SetupException.class)
        .hasMessageContainingAll(key, "'" + value + "'", expected, "test.properties");
  }

  @Test
  void anUnknownKeyIsNamed() {
    assertThatThrownBy(() -> settings(Map.of("ingest.buket", "x"), Map.of()))
        .isInstanceOf(SetupException.class)
        .hasMessageContainingAll("ingest.buket", "test.properties", "ingest.bucket");
  }

  @Test
  void routesNeverSeeThePassword() {
    assertThat(
            settings(
                    Map.of(),
                    Map.of(
                        "INGEST_DB_PASSWORD", "secret", "INGEST_DB_MIGRATION_PASSWORD", "secret"))
                .placeholders())
        .doesNotContainKey("ingest.db.password")
        .doesNotContainValue("secret")
        .containsEntry("ingest.poll-interval", "10000");
  }

  private static Settings settings(Map<String, String> file, Map<String, String> environment) {
    Properties properties = new Properties();
    properties.putAll(file);
    return Settings.of(properties, "test.properties", environment);
  }
}
