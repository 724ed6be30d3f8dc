package io.github.camelingest.app;

import io.github.camelingest.discovery.Polling;
import io.github.camelingest.ledger.AfterLoad;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The settings of the application. Each is a key of {@code application.properties} beside the jar
 * and an environment variable ({@code ingest.bucket} is {@code INGEST_BUCKET}), which wins.
 */
public final class Settings {

  /** Every key with its default. An empty default means that there is none. */
  static final Map<String, String> DEFAULTS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("ingest.bucket", ""),
              Map.entry("ingest.queue", ""),
              Map.entry("ingest.foreign-events", "delete"),
              Map.entry("ingest.poll-interval", "10s"),
              Map.entry("ingest.reconcile-interval", "1h"),
              Map.entry("ingest.ledger-retention", "90d"),
              Map.entry("ingest.after-load", "keep"),
              Map.entry("ingest.move-to", "loaded/"),
              Map.entry("ingest.batch-size", "4000"),
              Map.entry("ingest.batch-interval", "200ms"),
              Map.entry("ingest.writers", "2"),
              Map.entry("ingest.max-in-flight", "4"),
              Map.entry("ingest.max-attempts", "5"),
              Map.entry("ingest.max-line-bytes", "1048576"),
              Map.entry("ingest.max-compression-ratio", ""),
              Map.entry("ingest.db.url", "jdbc:postgresql://localhost:5432/ingest"),
              Map.entry("ingest.db.user", "ingest"),
              Map.entry("ingest.db.password", ""),
              Map.entry("ingest.db.migration-user", ""),
              Map.entry("ingest.db.migration-password", ""),
              Map.entry("ingest.management.host", "127.0.0.1"),
              Map.entry("ingest.management.password", ""),
              Map.entry("ingest.management.port", "9876"),
              Map.entry("ingest.log-level", "info"),
              Map.entry("ingest.log-format", "text")));

  private static final List<String> FOREIGN_EVENTS = List.of("delete", "leave");
  private static final List<String> LOG_LEVELS = List.of("error", "warn", "info", "debug");
  private static final List<String> LOG_FORMATS = List.of("text", "json");
  private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|s|m|h|d)");
  private static final Pattern FOLDER = Pattern.compile("([^/]+/)+");
  private static final int LARGEST_BATCH = 100_000;
  private static final int MOST_THREADS = 64;
  private static final int MOST_ATTEMPTS = 1_000;
  private static final int LAST_PORT = 65_535;

  private final Map<String, String> values;
  private final Map<String, String> sources;

  private Settings(Map<String, String> values, Map<String, String> sources) {
    this.values = values;
    this.sources = sources;
  }

  /**
   * Reads the settings of this process.
   *
   * @throws SetupException if the file cannot be read or has a key that does not exist
   */
  public static Settings load() {
    return Home.find("application.properties")
        .map(file -> of(read(file), file.toString(), System.getenv()))
        .orElseGet(() -> of(new Properties(), "", System.getenv()));
  }

  /**
   * @param fileName named in messages
   */
  static Settings of(Properties file, String fileName, Map<String, String> environment) {
    for (String key : file.stringPropertyNames()) {
      if (key.startsWith("ingest.") && !DEFAULTS.containsKey(key)) {
        throw new SetupException(
            "%s in %s is no setting; there are %s"
                .formatted(key, fileName, String.join(", ", DEFAULTS.keySet())));
      }
    }
    Map<String, String> values = new TreeMap<>();
    Map<String, String> sources = new TreeMap<>();
    DEFAULTS.forEach(
        (key, byDefault) -> {
          String variable = variable(key);
          String fromFile = file.getProperty(key);
          String fromEnvironment = environment.get(variable);
          if (fromEnvironment != null) {
            values.put(key, fromEnvironment.strip());
            sources.put(key, "environment variable " + variable);
          } else if (fromFile != null) {
            values.put(key, fromFile.strip());
            sources.put(key, key + " in " + fileName);
          } else {
            values.put(key, byDefault);
            sources.put(key, "default of " + key);
          }
        });
    return new Settings(values, sources);
  }

  private static Properties read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new SetupException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
    return properties;
  }

  /** The environment variable of a key. */
  static String variable(String key) {
    return key.toUpperCase(java.util.Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** The bucket of datasets that name none themselves; empty where each does. */
  public String bucket() {
    return values.get("ingest.bucket");
  }

  /** Name or URL of the queue with the bucket's events; empty where there is none. */
  public String queue() {
    return values.get("ingest.queue");
  }

  /**
   * What becomes of messages with events of buckets or prefixes that nobody here loads: {@code
   * delete} or {@code leave}.
   */
  public String foreignEvents() {
    return oneOf("ingest.foreign-events", FOREIGN_EVENTS);
  }

  public Duration pollInterval() {
    return duration("ingest.poll-interval");
  }

  /** How often buckets are listed where there is no queue and nothing comes. */
  public Duration longestPollInterval() {
    return Polling.longestPause(pollInterval());
  }

  public Duration reconcileInterval() {
    return duration("ingest.reconcile-interval");
  }

  /** How long entries of objects that have left the bucket stay in the ledger. */
  public Duration ledgerRetention() {
    return duration("ingest.ledger-retention");
  }

  /** What happens to objects in S3 once they are loaded. */
  public AfterLoad afterLoad() {
    if (!FOLDER.matcher(values.get("ingest.move-to")).matches()) {
      throw wrong("ingest.move-to", "a prefix in the objects' own bucket like loaded/");
    }
    try {
      return new AfterLoad(
          AfterLoad.Action.of(values.get("ingest.after-load")), values.get("ingest.move-to"));
    } catch (IllegalArgumentException e) {
      throw wrong("ingest.after-load", "keep, tag, move or delete");
    }
  }

  /** Rows in a full batch. */
  public int batchSize() {
    return number("ingest.batch-size", LARGEST_BATCH);
  }

  /** How long a batch waits for its next row before it is written as it is. */
  public Duration batchInterval() {
    return duration("ingest.batch-interval");
  }

  /** Batches written at the same time. */
  public int writers() {
    return number("ingest.writers", MOST_THREADS);
  }

  /** Objects of a dataset loaded at the same time. */
  public int maxInFlight() {
    return number("ingest.max-in-flight", MOST_THREADS);
  }

  /** Failures in a row after which an object is not tried again. */
  public int maxAttempts() {
    return number("ingest.max-attempts", MOST_ATTEMPTS);
  }

  public int maxLineBytes() {
    return number("ingest.max-line-bytes", Integer.MAX_VALUE / 4);
  }

  /** So many times its compressed size an object may have; without a limit the largest number. */
  public long maxCompressionRatio() {
    return values.get("ingest.max-compression-ratio").isEmpty()
        ? Long.MAX_VALUE
        : number("ingest.max-compression-ratio", Integer.MAX_VALUE);
  }

  public String dbUrl() {
    String url = values.get("ingest.db.url");
    if (!url.startsWith("jdbc:postgresql:")) {
      throw wrong("ingest.db.url", "a JDBC URL like jdbc:postgresql://host:5432/database");
    }
    return url;
  }

  /** The same for messages: without what follows the question mark, which may be a password. */
  public String dbPlace() {
    return dbUrl().replaceFirst("\\?.*", "");
  }

  public String dbUser() {
    return values.get("ingest.db.user");
  }

  public String dbPassword() {
    return values.get("ingest.db.password");
  }

  /** Who runs the migrations; where nobody is named, who also ingests. */
  public String migrationUser() {
    return values.get(migrates("ingest.db.migration-user", "ingest.db.user"));
  }

  public String migrationPassword() {
    return values.get(migrates("ingest.db.migration-password", "ingest.db.password"));
  }

  private String migrates(String key, String otherwise) {
    return values.get("ingest.db.migration-user").isEmpty() ? otherwise : key;
  }

  /** Where the management server listens. */
  public String managementHost() {
    return values.get("ingest.management.host");
  }

  /** Its port; 0 is any that is free, and nothing is no server. */
  public OptionalInt managementPort() {
    String port = values.get("ingest.management.port");
    if (port.isEmpty()) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(port.equals("0") ? 0 : number("ingest.management.port", LAST_PORT));
  }

  /** What may be asked of JMX needs it; empty: nothing does, and other machines get nothing. */
  public String managementPassword() {
    return values.get("ingest.management.password");
  }

  /**
   * Which lines of the application are logged: {@code error}, {@code warn}, … and what is graver.
   */
  public String logLevel() {
    return oneOf("ingest.log-level", LOG_LEVELS);
  }

  /** What the lines of the log are: {@code text} or {@code json}. */
  public String logFormat() {
    return oneOf("ingest.log-format", LOG_FORMATS);
  }

  /** Where a setting came from, for messages. */
  public String source(String key) {
    return sources.get(key);
  }

  /** Checks every setting that has a form. */
  public void check() {
    foreignEvents();
    pollInterval();
    reconcileInterval();
    ledgerRetention();
    afterLoad();
    batchSize();
    batchInterval();
    writers();
    maxInFlight();
    maxAttempts();
    maxLineBytes();
    maxCompressionRatio();
    dbUrl();
    managementPort();
    logLevel();
    logFormat();
  }

  /** All settings but the passwords, for placeholders in routes. Durations are in milliseconds. */
  Properties placeholders() {
    Properties placeholders = new Properties();
    placeholders.putAll(
        values.entrySet().stream()
            .filter(e -> !e.getKey().endsWith("password"))
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    e -> e.getKey().endsWith("-interval") ? millis(e.getKey()) : e.getValue())));
    return placeholders;
  }

  private String millis(String key) {
    return Long.toString(duration(key).toMillis());
  }

  private String oneOf(String key, List<String> words) {
    String value = values.get(key);
    if (!words.contains(value)) {
      throw wrong(key, String.join(" or ", words));
    }
    return value;
  }

  private int number(String key, int most) {
    try {
      int number = Integer.parseInt(values.get(key));
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // falls through to the same message
    }
    throw wrong(key, "a whole number from 1 to " + most);
  }

  private Duration duration(String key) {
    Matcher parts = DURATION.matcher(values.get(key));
    if (!parts.matches() || parts.group(1).length() > 9 || Long.parseLong(parts.group(1)) == 0) {
      throw wrong(key, "a duration like 500ms, 10s, 5m, 1h or 90d");
    }
    long amount = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private SetupException wrong(String key, String expected) {
    return new SetupException(
        "%s is '%s', which is not %s (%s)"
            .formatted(key, values.get(key), expected, sources.get(key)));
  }
}
