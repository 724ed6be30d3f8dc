package io.github.camelingest.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** On what and with what versions was measured. */
final class Machine {

  private static final String SETTINGS =
      "fsync synchronous_commit full_page_writes wal_level max_wal_size shared_buffers";

  private Machine() {}

  static String hardware() throws IOException {
    String model = first("/proc/cpuinfo", "model name\\s*: (.*)").orElse("unknown CPU");
    long kilobytes = Long.parseLong(first("/proc/meminfo", "MemTotal:\\s*(\\d+) kB").orElse("0"));
    return "%s, %d cores, %.0f GB memory, %s %s"
        .formatted(
            model,
            Runtime.getRuntime().availableProcessors(),
            kilobytes / 1e6,
            System.getProperty("os.name"),
            System.getProperty("os.version"));
  }

  private static Optional<String> first(String file, String pattern) throws IOException {
    Matcher found = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }

  /** The version of a jar on a class path. */
  static Optional<String> version(String artifact, String classPath) {
    Matcher found =
        Pattern.compile("/" + Pattern.quote(artifact) + "-(\\d[^/]*?)\\.jar(:|$)")
            .matcher(classPath);
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }

  /**
   * Versions of everything that takes part.
   *
   * @param peers their class path, if they are built
   */
  static List<String> versions(Target target, Optional<String> peers) {
    String own = System.getProperty("java.class.path");
    List<String> versions = new ArrayList<>();
    versions.add("JDK " + System.getProperty("java.vm.version"));
    versions.add("PostgreSQL " + target.setting("server_version"));
    versions.add(
        Copying.psql()
            .map(psql -> output(List.of(psql.toString(), "--version")))
            .orElse("no psql, so \\copy is the JDBC driver's CopyManager"));
    version("camel-base", own).ifPresent(version -> versions.add("Camel " + version));
    version("postgresql", own).ifPresent(version -> versions.add("PostgreSQL JDBC " + version));
    version("jackson-databind", own).ifPresent(version -> versions.add("Jackson " + version));
    peers
        .flatMap(path -> version("flink-core", path))
        .ifPresent(version -> versions.add("Flink " + version));
    peers
        .flatMap(path -> version("flink-connector-jdbc-core", path))
        .ifPresent(version -> versions.add("Flink's JDBC connector " + version));
    peers
        .flatMap(path -> version("duckdb_jdbc", path))
        .ifPresent(version -> versions.add("DuckDB " + version));
    PeerWays.python()
        .ifPresent(
            python ->
                versions.add(
                    output(
                        List.of(
                            python,
                            "-c",
                            "import platform, psycopg2; print('Python', platform.python_version()"
                                + " + ',', 'psycopg2', psycopg2.__version__.split()[0])"))));
    return versions;
  }

  /**
   * Refuses peers that are built with other versions of what they share with the application.
   *
   * @throws IllegalStateException if one differs
   */
  static void checkSameVersions(String peers) {
    String own = System.getProperty("java.class.path");
    for (String artifact :
        List.of("camel-base", "camel-sql", "jackson-databind", "postgresql", "HikariCP")) {
      if (!version(artifact, own).equals(version(artifact, peers))) {
        throw new IllegalStateException(
            "%s is %s in pom.xml and %s in bench/pom.xml: make them the same"
                .formatted(
                    artifact,
                    version(artifact, own).orElse("missing"),
                    version(artifact, peers).orElse("missing")));
      }
    }
  }

  /** Settings of the server that matter here, as name=value. */
  static String settings(Target target) {
    List<String> settings = new ArrayList<>();
    for (String name : SETTINGS.split(" ")) {
      settings.add(name + "=" + target.setting(name));
    }
    return String.join(", ", settings);
  }

  /** The commit that is checked out, and whether files differ from it. */
  static String commit() {
    String commit = output(List.of("git", "rev-parse", "--short=12", "HEAD"));
    boolean changed =
        !output(List.of("git", "status", "--porcelain", "--untracked-files=no")).isEmpty();
    return commit + (changed ? " with changes" : "");
  }

  private static String output(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? output : "unknown";
    } catch (IOException e) {
      return "unknown";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }
}
