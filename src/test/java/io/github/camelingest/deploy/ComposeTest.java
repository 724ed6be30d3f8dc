package io.github.camelingest.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelingest.management.Health;
import io.github.camelingest.management.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What can be known of docker-compose.yml without Docker, and what writes the .env that it reads.
 */
class ComposeTest {

  private static final Path COMPOSE = Path.of("docker-compose.yml");

  /** A version, not the name of a moving one: v3.7.3, 18.6-trixie, 0.1.0-SNAPSHOT. */
  private static final Pattern FULL_VERSION = Pattern.compile(":v?\\d+\\.\\d+[\\w.-]*$");

  private static final Pattern NEEDED = Pattern.compile("\\$\\{(\\w+):\\?[^}]+}");

  /** What the application needs of .env, though compose does without. */
  private static final List<String> OF_THE_OBJECTS = List.of("INGEST_BUCKET", "AWS_REGION");

  static Stream<String> services() {
    return section("services").keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("services")
  void everyPortIsOnLoopback(String service) {
    assertThat(list(service, "ports")).allMatch(port -> port.startsWith("127.0.0.1:"));
  }

  @ParameterizedTest
  @MethodSource("services")
  void everyImageIsPinned(String service) {
    assertThat((String) service(service).get("image")).containsPattern(FULL_VERSION);
  }

  @ParameterizedTest
  @MethodSource("services")
  void everyMountIsThere(String service) {
    List<String> sources = list(service, "volumes").stream().map(v -> v.split(":")[0]).toList();

    assertThat(sources.stream().filter(source -> source.startsWith(".")).map(Path::of))
        .allMatch(Files::exists);
    assertThat(section("volumes").keySet())
        .containsAll(sources.stream().filter(source -> !source.startsWith(".")).toList());
  }

  @ParameterizedTest
  @MethodSource("services")
  void everyServiceHasALimitAndAHealthCheckAndComesBack(String service) {
    assertThat(service(service))
        .containsKeys("mem_limit", "healthcheck", "logging")
        .containsEntry("restart", "unless-stopped");
  }

  @Test
  void onlyStartingWithWhatIsFilledInIsPossible() throws IOException {
    // Neither $NAME nor ${NAME} nor ${NAME:-default}, which would start with no or a well-known
    // password
    assertThat(NEEDED.matcher(Files.readString(COMPOSE)).replaceAll("")).doesNotContain("$");
  }

  @Test
  void theImagesOfOursAreBuiltFromPinnedOnes() throws IOException {
    List<String> from =
        Files.readAllLines(Path.of("Dockerfile")).stream()
            .filter(line -> line.startsWith("FROM "))
            .toList();

    assertThat(from)
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line.split(" ")[1]).containsPattern(FULL_VERSION));
    assertThat(section("services").values().stream().map(ComposeTest::map))
        .filteredOn(service -> service.containsKey("build"))
        .allSatisfy(
            service ->
                assertThat(from.toString() + Files.readString(Path.of("Dockerfile")))
                    .contains(" AS " + map(service.get("build")).get("target") + "\n"))
        .allSatisfy(
            service ->
                assertThat(Files.readString(Path.of("pom.xml")))
                    .contains(
                        "<version>%s</version>"
                            .formatted(((String) service.get("image")).split(":")[1])));
  }

  @Test
  void everyFileThatAnImageCopiesIsThereForIt() throws IOException {
    List<String> copied =
        Pattern.compile("^COPY (?!--from)(.*) \\S+$", Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("Dockerfile")))
            .results()
            .flatMap(copy -> Stream.of(copy.group(1).split(" ")))
            .toList();

    assertThat(copied).contains("deploy/jvm.options").allMatch(file -> Files.exists(Path.of(file)));
    assertThat(Files.readAllLines(Path.of(".dockerignore")))
        .containsAll(copied.stream().map("!"::concat).toList());
  }

  @Test
  void everySettingCanBeGivenInEnv() throws IOException {
    List<String> settings =
        Pattern.compile("^\\| `(ingest\\.[\\w.-]+)`", Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("docs/settings.md")))
            .results()
            .map(key -> key.group(1).toUpperCase().replace('.', '_').replace('-', '_'))
            .toList();

    assertThat(settings).isNotEmpty();
    assertThat(map(service("ingest").get("environment")))
        .containsKeys(settings.toArray(String[]::new));
  }

  @Test
  void healthAndMetricsAreAskedWhereTheyAreTold() throws IOException {
    assertThat(map(service("ingest").get("healthcheck")).get("test").toString())
        .contains("GET " + Health.PATH + "/ready ", "/127.0.0.1/9876");
    assertThat(map(service("ingest").get("environment")))
        .containsEntry("INGEST_MANAGEMENT_PORT", 9876);
    assertThat(Files.readString(Path.of("deploy/compose/prometheus.yml")))
        .contains("metrics_path: %s\n".formatted(Metrics.PATH), "targets: [ingest:9876]");
  }

  @Test
  void theApplicationHasNothingToWriteTo() {
    assertThat(service("ingest"))
        .containsEntry("read_only", true)
        .containsEntry("cap_drop", List.of("ALL"))
        .containsEntry("security_opt", List.of("no-new-privileges:true"));
    assertThat(list("ingest", "volumes")).allMatch(volume -> volume.endsWith(":ro"));
  }

  @Test
  void pgAdminHasTheServerAndLooksForItsPasswordWhereItIsWritten() throws IOException {
    JsonNode server =
        new ObjectMapper()
            .readTree(Path.of("deploy/compose/pgadmin/servers.json").toFile())
            .at("/Servers/1");

    assertThat(server.get("Username").asText()).isEqualTo("analyst");
    assertThat(server.at("/ConnectionParameters/passfile").asText()).isEqualTo("/.pgpass");
    assertThat(Files.readString(Path.of("deploy/compose/pgadmin.sh")))
        .contains("storage/$(printf %s \"$PGADMIN_DEFAULT_EMAIL\" | tr @ _)\"")
        .contains("'postgres:5432:*:analyst:%s\\n'");
  }

  @Test
  void grafanaHasADashboardOfSourcesThatAreProvisioned() throws IOException {
    String sources =
        Files.readString(
            Path.of("deploy/compose/grafana/provisioning/datasources/camel-ingest.yml"));
    JsonNode dashboard =
        new ObjectMapper()
            .readTree(Path.of("deploy/compose/grafana/dashboards/camel-ingest.json").toFile());

    assertThat(dashboard.get("panels")).isNotEmpty();
    assertThat(dashboard.findValues("datasource"))
        .isNotEmpty()
        .allSatisfy(
            source -> assertThat(sources).contains("uid: " + source.get("uid").asText() + "\n"));
  }

  @Test
  void installWritesAllThatIsNeededForItsOwnerAlone(@TempDir Path home) throws Exception {
    // When
    Outcome installed = install(home, Map.of());

    // Then
    assertThat(installed.code()).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(".env"))))
        .isEqualTo("rw-------");
    Map<String, String> written = variables(home);
    assertThat(written).containsKeys(needed()).containsKeys(OF_THE_OBJECTS.toArray(String[]::new));
    assertThat(written.values()).noneMatch(String::isEmpty);
    List<String> secrets =
        written.entrySet().stream()
            .filter(e -> e.getKey().matches(".*(PASSWORD|SECRET).*"))
            .map(Map.Entry::getValue)
            .toList();
    assertThat(secrets)
        .hasSizeGreaterThan(5)
        .doesNotHaveDuplicates()
        .allMatch(s -> s.length() >= 40);
    assertThat(installed.output()).doesNotContain(secrets);
  }

  @Test
  void installTakesTheBucketOfTheEnvironment(@TempDir Path home) throws Exception {
    install(home, Map.of("INGEST_BUCKET", "reports", "AWS_REGION", "eu-north-1"));

    assertThat(variables(home))
        .containsEntry("INGEST_BUCKET", "reports")
        .containsEntry("AWS_REGION", "eu-north-1")
        .containsEntry("COMPOSE_PROFILES", "")
        .doesNotContainKeys("AWS_ENDPOINT_URL_S3", "AWS_SECRET_ACCESS_KEY");
  }

  @Test
  void installLeavesWhatIsThere(@TempDir Path home) throws Exception {
    // Given
    install(home, Map.of());
    String before = Files.readString(home.resolve(".env"));

    // When
    Outcome again = install(home, Map.of());

    // Then
    assertThat(again.code()).isZero();
    assertThat(again.output()).contains("stays as it is");
    assertThat(Files.readString(home.resolve(".env"))).isEqualTo(before);
  }

  @Test
  void aMissingVariableIsNamed(@TempDir Path home) throws Exception {
    // Given
    install(home, Map.of());
    Path env = home.resolve(".env");
    String without =
        Files.readString(env).replaceAll("(?m)^ANALYST_PASSWORD=.*", "ANALYST_PASSWORD=");
    Files.writeString(env, without);

    // When
    Outcome again = install(home, Map.of());

    // Then
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.output().lines())
        .singleElement()
        .asString()
        .contains(".env lacks ANALYST_PASSWORD;");
    assertThat(Files.readString(env)).isEqualTo(without);
  }

  @Test
  void anEnvThatOthersCanReadIsRefused(@TempDir Path home) throws Exception {
    // Given
    install(home, Map.of());
    Files.setPosixFilePermissions(
        home.resolve(".env"), PosixFilePermissions.fromString("rw-r--r--"));

    // When
    Outcome again = install(home, Map.of());

    // Then
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.output().lines()).singleElement().asString().contains("chmod 600 .env");
  }

  private record Outcome(int code, String output) {}

  /** Runs a copy of the script in a folder of its own. */
  private static Outcome install(Path home, Map<String, String> environment) throws Exception {
    for (String file :
        List.of("deploy/install", "deploy/compose/environment.sh", COMPOSE.toString())) {
      Path copy = home.resolve(file);
      Files.createDirectories(copy.getParent());
      if (Files.notExists(copy)) {
        Files.copy(Path.of(file), copy);
      }
    }
    ProcessBuilder builder =
        new ProcessBuilder("bash", home.resolve("deploy/install").toString())
            .redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.matches("(INGEST|AWS)_.*"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes());
    return new Outcome(process.waitFor(), output);
  }

  private static Map<String, String> variables(Path home) throws IOException {
    Map<String, String> variables = new TreeMap<>();
    Files.readAllLines(home.resolve(".env")).stream()
        .filter(line -> line.contains("=") && !line.startsWith("#"))
        .map(line -> line.split("=", 2))
        .forEach(pair -> variables.put(pair[0], pair[1]));
    return variables;
  }

  private static String[] needed() throws IOException {
    return NEEDED
        .matcher(Files.readString(COMPOSE))
        .results()
        .map(name -> name.group(1))
        .distinct()
        .toArray(String[]::new);
  }

  private static MatchResult first(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().findFirst().orElseThrow();
  }

  private static Map<String, Object> section(String name) {
    try {
      Object all =
          new Load(LoadSettings.builder().build()).loadFromString(Files.readString(COMPOSE));
      return map(map(all).get(name));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Map<String, Object> service(String name) {
    return map(section("services").get(name));
  }

  private static List<String> list(String service, String key) {
    Object values = service(service).get(key);
    return values == null
        ? List.of()
        : new ArrayList<>(Arrays.asList(((List<?>) values).toArray(String[]::new)));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }
}
