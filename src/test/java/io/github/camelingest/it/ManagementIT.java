package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelingest.local.SampleData;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a running application tells by HTTP and JMX to those who watch it, and what it refuses. */
class ManagementIT {

  private static final int ROWS = 2_000;
  private static final String VISITS =
      "not a visit\n" + new SampleData(1).visits(ROWS) + "{\"task_id\": 7}\n";
  private static final byte[] BROKEN_GZIP = {
    0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 7, 7, 7, 7, 7, 7, 7, 7
  };
  private static final String ROUTE =
      "org.apache.camel:context=camel-ingest,type=routes,name=\\\"visits\\\"";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static Space space;
  private static Jar jar;
  private static URI address;

  @BeforeAll
  static void loadSome() {
    space = Space.create();
    space.put("visits/a.jsonl", VISITS);
    jar = Jar.start(Jar.watched(space.environment()), "run");
    jar.awaitUntil(() -> !jar.watchedAt().isEmpty());
    address = URI.create(jar.watchedAt());
    OutageIT.awaitLoaded(jar, space, 1);
  }

  @AfterAll
  static void end() {
    jar.close();
  }

  @Test
  void metricsCountWhatIsLoaded() {
    // When
    Map<String, Double> metrics =
        await()
            .until(
                ManagementIT::metrics,
                now -> now.get("ingest_objects_loaded_total{dataset=\"visits\"}") == 1);

    // Then
    assertThat(metrics)
        .containsEntry("ingest_rows_total{dataset=\"visits\"}", (double) ROWS)
        .containsEntry("ingest_rows_total{dataset=\"network\"}", 0.0)
        .containsEntry("ingest_rejected_lines_total{dataset=\"visits\",reason=\"not_json\"}", 1.0)
        .containsEntry("ingest_rejected_lines_total{dataset=\"visits\",reason=\"wrong_type\"}", 1.0)
        .containsEntry("ingest_batch_lines_sum{dataset=\"visits\"}", ROWS + 2.0)
        .containsEntry("ingest_lag_seconds_count{dataset=\"visits\"}", 1.0)
        .containsEntry("ingest_s3_bytes_total{dataset=\"visits\"}", (double) VISITS.length())
        .containsEntry("ingest_objects{dataset=\"visits\",state=\"loaded\"}", 1.0)
        .containsEntry("ingest_backlog_objects{dataset=\"visits\"}", 0.0)
        .containsEntry("ingest_load_failures_total{dataset=\"visits\"}", 0.0)
        .containsEntry("ingest_database_up", 1.0)
        .containsEntry("ingest_writers", 2.0);
    assertThat(metrics.get("ingest_batch_duration_seconds_sum{dataset=\"visits\"}")).isPositive();
    assertThat(metrics.keySet())
        .anyMatch(name -> name.matches("camel_exchanges_total\\{.*routeId=\"visits\".*"))
        .anyMatch(name -> name.matches("jvm_memory_used_bytes\\{area=\"heap\".*"))
        .as("series")
        .hasSizeLessThan(300);
  }

  @Test
  void theDocumentationHasEveryMetricOfOursWithWhatItMeans() throws IOException {
    Map<String, String> documented = new TreeMap<>();
    Pattern.compile("^\\| `(ingest_\\w+)`[^|]*\\| (.*?) \\|$", Pattern.MULTILINE)
        .matcher(Files.readString(Path.of("docs/watching.md")))
        .results()
        .forEach(row -> documented.put(row.group(1), row.group(2)));

    Map<String, String> told = new TreeMap<>();
    Pattern.compile("^# HELP (ingest_\\w+) (.+)$", Pattern.MULTILINE)
        .matcher(get("observe/metrics").body())
        .results()
        // How long or large the greatest was lately: Micrometer's addition.
        .filter(help -> !help.group(1).endsWith("_max"))
        .forEach(help -> told.put(help.group(1), help.group(2)));

    assertThat(told).isEqualTo(documented);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deploy/prometheus/alerts.yml",
        "deploy/compose/grafana/dashboards/camel-ingest.json"
      })
  void whatOthersAskForIsThere(String file) throws IOException {
    Set<String> asked =
        Pattern.compile("\\b(ingest|camel|jvm|process)_[a-z_]+\\b")
            .matcher(Files.readString(Path.of(file)))
            .results()
            .map(MatchResult::group)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(asked).hasSizeGreaterThan(3);
    assertThat(metrics().keySet().stream().map(name -> name.split("\\{")[0])).containsAll(asked);
  }

  @Test
  void datasetsAndRoutesAreInJmxWithWhatTheyAre() throws IOException {
    JsonNode dataset =
        jolokia(
            """
            {"type": "read", "mbean": "io.github.camelingest:type=dataset,name=\\"visits\\""}
            """);
    JsonNode ledger =
        jolokia("{\"type\": \"read\", \"mbean\": \"io.github.camelingest:type=ledger\"}");
    JsonNode route =
        jolokia(
            "{\"type\": \"read\", \"mbean\": \"%s\", \"attribute\": \"Description\"}"
                .formatted(ROUTE));
    JsonNode step =
        jolokia(
            """
            {"type": "read", "attribute": "Description",
             "mbean": "org.apache.camel:context=camel-ingest,type=processors,name=\\"visits-open\\""}
            """);

    assertThat(dataset.at("/value/Rows").asLong()).isEqualTo(ROWS);
    assertThat(dataset.at("/value/Rejected").asLong()).isEqualTo(2);
    assertThat(dataset.at("/value/Backlog").asLong()).isZero();
    assertThat(dataset.at("/value/LastError").asText("none")).isEmpty();
    assertThat(ledger.at("/value/Datasets").asText()).contains("visits");
    assertThat(ledger.at("/value/Outage").asText("none")).isEmpty();
    assertThat(route.at("/value").asText()).contains("visit reports");
    assertThat(step.at("/value").asText()).contains("S3 GET");
  }

  @Test
  void aRouteCanBeSuspendedAndResumedAndIsNotReadyMeanwhile() throws IOException {
    // When
    JsonNode suspended = exec(ROUTE, "suspend()");
    HttpResponse<String> during = get("observe/health/ready");
    HttpResponse<String> alive = get("observe/health/live");
    exec(ROUTE, "resume()");
    HttpResponse<String> after = get("observe/health/ready");

    // Then
    assertThat(suspended.at("/status").asInt()).isEqualTo(200);
    assertThat(during.statusCode()).isEqualTo(503);
    assertThat(check(during, "routes").at("/message").asText()).contains("visits=Suspended");
    assertThat(alive.statusCode()).isEqualTo(200);
    assertThat(after.statusCode()).isEqualTo(200);
    assertThat(JSON.readTree(after.body()).at("/status").asText()).isEqualTo("UP");
  }

  static Stream<Arguments> refused() {
    String context = "org.apache.camel:context=camel-ingest,type=context,name=\\\"camel-ingest\\\"";
    String diagnostic = "com.sun.management:type=DiagnosticCommand";
    return Stream.of(
        exec("the end of the application", context, "stop()"),
        exec("a message to a route", context, "sendBody(java.lang.String,java.lang.Object)"),
        exec("another route", context, "addOrUpdateRoutesFromXml(java.lang.String)"),
        exec("the removal of a route", ROUTE, "remove()"),
        exec("another route in its place", ROUTE, "updateRouteFromXml(java.lang.String)"),
        exec("its counts set to 0", ROUTE, "reset()"),
        exec("a heap dump", "com.sun.management:type=HotSpotDiagnostic", "dumpHeap"),
        exec("an option of the JVM", "com.sun.management:type=HotSpotDiagnostic", "setVMOption"),
        exec("a heap dump by command", diagnostic, "gcHeapDump"),
        exec("an agent", diagnostic, "jvmtiAgentLoad"),
        exec("a stop of everything", "java.lang:type=Memory", "gc()"),
        exec("all threads", "java.lang:type=Threading", "dumpAllThreads(boolean,boolean)"),
        exec("another log level", "java.util.logging:type=Logging", "setLoggerLevel"),
        exec("a recording", "jdk.management.jfr:type=FlightRecorder", "newRecording"),
        exec(
            "classes from elsewhere",
            "JMImplementation:type=MBeanServerDelegate",
            "getMBeansFromURL(java.lang.String)"),
        exec(
            "what messages hold",
            "org.apache.camel:context=camel-ingest,type=tracer,name=BacklogTracer",
            "dumpAllTracedMessagesAsXml()"),
        Arguments.of(
            "a change",
            "{\"type\": \"write\", \"mbean\": \"java.lang:type=Memory\", \"attribute\": \"Verbose\", \"value\": true}"),
        Arguments.of(
            "a change of a route",
            "{\"type\": \"write\", \"mbean\": \"%s\", \"attribute\": \"TracingEnabled\", \"value\": true}"
                .formatted(ROUTE)),
        Arguments.of(
            "how it was started",
            "{\"type\": \"read\", \"mbean\": \"java.lang:type=Runtime\", \"attribute\": \"InputArguments\"}"),
        Arguments.of(
            "what may hold secrets",
            "{\"type\": \"read\", \"mbean\": \"java.lang:type=Runtime\", \"attribute\": \"SystemProperties\"}"),
        Arguments.of("to be told", "{\"type\": \"notification\", \"command\": \"register\"}"));
  }

  private static Arguments exec(String what, String mbean, String operation) {
    return Arguments.of(
        what,
        "{\"type\": \"exec\", \"mbean\": \"%s\", \"operation\": \"%s\", \"arguments\": []}"
            .formatted(mbean, operation));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void jolokiaRefuses(String what, String request) throws IOException {
    JsonNode answer = jolokia(request);

    assertThat(answer.at("/status").asInt()).as(answer.toString()).isEqualTo(403);
    assertThat(answer.at("/error").asText())
        .containsAnyOf("forbidden", "not allowed", "No type with name");
    assertThat(answer.has("stacktrace")).isFalse();
  }

  @Test
  void secretsAreNotReadWithEverythingElse() throws IOException {
    JsonNode answer =
        jolokia(
            """
            {"type": "read", "mbean": "java.lang:type=Runtime", "config": {"ignoreErrors": true}}
            """);

    assertThat(answer.at("/value/VmVersion").asText()).isNotEmpty();
    assertThat(answer.at("/value/SystemProperties/error").asText()).contains("forbidden");
    assertThat(answer.at("/value/InputArguments/error").asText()).contains("forbidden");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 300000", "Transfer-Encoding: chunked"})
  void aRequestIsShortAndSaysSo(String length) throws IOException {
    String answer = raw("POST /jolokia HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n".formatted(length));

    assertThat(answer).startsWith("HTTP/1.1 413 ");
  }

  static Stream<Arguments> ofOtherSites() {
    return Stream.of(
        Arguments.of(
            "a name that resolves here", "GET /observe/metrics HTTP/1.1\r\nHost: evil.example\r\n"),
        Arguments.of("no name", "GET /observe/metrics HTTP/1.0\r\n"),
        Arguments.of(
            "a page's script",
            "POST /jolokia HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://evil.example\r\nContent-Length: 2\r\n"),
        Arguments.of(
            "a page in a frame",
            "POST /jolokia HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: null\r\nContent-Length: 2\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ofOtherSites")
  void turnsAwayWhatOtherSitesMakeABrowserAsk(String what, String request) throws IOException {
    assertThat(raw(request)).startsWith("HTTP/1.1 403 ");
  }

  @Test
  void aLinkChangesNothing() throws IOException {
    String answer =
        raw(
            "GET /jolokia/exec/org.apache.camel:context=camel-ingest,type=routes,name=!%22visits!%22/suspend() HTTP/1.1\r\nHost: localhost\r\n");

    assertThat(answer).contains("HTTP method get is not allowed");
    assertThat(answer).doesNotContain("Access-Control-Allow-Origin");
  }

  @Test
  void whileTheDatabaseIsAwayItLivesIsNotReadyAndTellsWhatItKnows() throws Exception {
    // Given a space of its own, since others would notice
    Space alone = Space.create();
    alone.put("visits/broken.jsonl.gz", BROKEN_GZIP);
    try (Jar watched = Jar.start(Jar.watched(alone.environment()), "run");
        Connection held = alone.connection()) {
      watched.awaitUntil(() -> !watched.watchedAt().isEmpty());
      URI there = URI.create(watched.watchedAt());
      assertThat(get(there, "observe/health/ready").statusCode()).isEqualTo(200);
      watched.awaitUntil(
          () ->
              get(there, "observe/metrics")
                  .body()
                  .contains("ingest_objects{dataset=\"visits\",state=\"failed\"} 1.0\n"));

      // When
      letNobodyIn(held);
      HttpResponse<String> ready =
          await()
              .until(
                  () -> get(there, "observe/health/ready"),
                  // What the first attempts met is that their connections ended.
                  answer -> answer.body().contains("too many connections"));
      HttpResponse<String> live = get(there, "observe/health/live");
      String metrics = get(there, "observe/metrics").body();
      JsonNode beans =
          JSON.readTree(
              post(there, "jolokia", "{\"type\": \"read\", \"mbean\": \"io.github.camelingest:*\"}")
                  .body());
      letIn(held);
      String error = alone.text("select error from ingest.object");

      // Then
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(check(ready, "database").at("/message").asText()).contains("PostgreSQL is away");
      assertThat(check(ready, "database").at("/data/since").asText()).isNotEmpty();
      assertThat(live.statusCode()).isEqualTo(200);
      assertThat(metrics)
          .contains("\ningest_database_up 0.0\n")
          .contains("ingest_objects{dataset=\"visits\",state=\"failed\"} 1.0\n")
          .contains("ingest_load_failures_total{dataset=\"visits\"} 1.0\n");
      assertThat(
              beans.at("/value").path("io.github.camelingest:type=ledger").at("/Outage").asText())
          .contains("too many connections");
      assertThat(
              beans
                  .at("/value")
                  .path("io.github.camelingest:type=dataset,name=\"visits\"")
                  .at("/LastError")
                  .asText())
          .isEqualTo(error);
      await().until(() -> get(there, "observe/health/ready").statusCode() == 200);
    }
  }

  private static void letNobodyIn(Connection held) throws SQLException {
    try (Statement statement = held.createStatement()) {
      statement.execute("alter database %s connection limit 0".formatted(held.getCatalog()));
      statement.execute(
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'camel-ingest'");
    }
  }

  private static void letIn(Connection held) throws SQLException {
    try (Statement statement = held.createStatement()) {
      statement.execute("alter database %s connection limit -1".formatted(held.getCatalog()));
    }
  }

  private static Map<String, Double> metrics() {
    return Pattern.compile("^([a-z_0-9]+(?:\\{.*\\})?) ([-+.\\dE]+|NaN)$", Pattern.MULTILINE)
        .matcher(get("observe/metrics").body())
        .results()
        .collect(
            Collectors.toMap(line -> line.group(1), line -> Double.parseDouble(line.group(2))));
  }

  private static JsonNode check(HttpResponse<String> health, String name) throws IOException {
    for (JsonNode check : JSON.readTree(health.body()).at("/checks")) {
      if (check.at("/name").asText().equals(name)) {
        return check;
      }
    }
    throw new AssertionError("no check %s in %s".formatted(name, health.body()));
  }

  private static JsonNode exec(String mbean, String operation) throws IOException {
    return jolokia(
        "{\"type\": \"exec\", \"mbean\": \"%s\", \"operation\": \"%s\"}"
            .formatted(mbean, operation));
  }

  private static JsonNode jolokia(String request) throws IOException {
    return JSON.readTree(post("jolokia", request).body());
  }

  private static HttpResponse<String> get(String path) {
    return get(address, path);
  }

  private static HttpResponse<String> get(URI there, String path) {
    return send(HttpRequest.newBuilder(there.resolve(path)));
  }

  private static HttpResponse<String> post(String path, String body) {
    return post(address, path, body);
  }

  private static HttpResponse<String> post(URI there, String path, String body) {
    return send(
        HttpRequest.newBuilder(there.resolve(path))
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What a client would not send, with two bytes of content if it says so. */
  private static String raw(String head) throws IOException {
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      String rest = "Connection: close\r\n\r\n" + (head.contains("Content-Length") ? "{}" : "");
      socket.getOutputStream().write((head + rest).getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
