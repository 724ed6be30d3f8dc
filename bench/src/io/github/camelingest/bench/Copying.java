package io.github.camelingest.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.PGConnection;

/**
 * What psql does in one session, {@code \copy} among it; where there is no psql, a JVM does the
 * same, whose program this is.
 */
final class Copying {

  private static final Path DEBIANS = Path.of("/usr/lib/postgresql");
  private static final int BUFFER_BYTES = 1 << 16;

  /**
   * A statement, or the COPY of a file.
   *
   * @param file null for a statement
   * @param sql the statement; of a COPY, the table and its columns
   * @param options of the COPY
   */
  record Step(Path file, String sql, String options) {

    static Step of(String sql) {
      return new Step(null, sql, "");
    }

    static Step copy(String table, Path file, String options) {
      return new Step(file, table, options);
    }

    private String inPsql() {
      String oneLine = sql.replaceAll("\\s+", " ");
      return file == null
          ? oneLine + ";"
          : "\\copy %s from '%s' with (%s)".formatted(oneLine, file, options);
    }

    private List<String> inJdbc() {
      return file == null
          ? List.of("", sql)
          : List.of(file.toString(), "copy %s from stdin with (%s)".formatted(sql, options));
    }
  }

  private Copying() {}

  /** psql itself, not Debian's wrapper, which takes as long to start as a short load. */
  static Optional<Path> psql() {
    try (Stream<Path> versions =
        Files.isDirectory(DEBIANS) ? Files.list(DEBIANS) : Stream.<Path>empty()) {
      Stream<Path> onPath =
          Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, "psql"));
      return Stream.concat(
              versions
                  .map(version -> version.resolve("bin/psql"))
                  .sorted(Comparator.reverseOrder()),
              onPath)
          .filter(Files::isExecutable)
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static Client client(Target target, String name, List<Step> steps) throws IOException {
    Optional<Path> psql = psql();
    if (psql.isPresent()) {
      String script = steps.stream().map(Step::inPsql).collect(Collectors.joining("\n"));
      return Client.psql(target, name, psql.get().toString(), script);
    }
    List<String> command = new ArrayList<>(Java.command(System.getProperty("java.class.path")));
    command.add(Copying.class.getName());
    steps.forEach(step -> command.addAll(step.inJdbc()));
    return Client.peer(target, name, command);
  }

  /**
   * @param arguments in pairs: a file and its COPY, or nothing and a statement
   */
  public static void main(String[] arguments) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Connection connection =
        DriverManager.getConnection(
            System.getenv("INGEST_DB_URL"),
            System.getenv("INGEST_DB_USER"),
            System.getenv("INGEST_DB_PASSWORD"))) {
      System.out.println("ready");
      in.readLine();
      for (int n = 0; n < arguments.length; n += 2) {
        if (arguments[n].isEmpty()) {
          connection.createStatement().execute(arguments[n + 1]);
        } else {
          try (InputStream file = Files.newInputStream(Path.of(arguments[n]))) {
            connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn(arguments[n + 1], file, BUFFER_BYTES);
          }
        }
      }
      System.out.println("done");
      in.readLine();
    }
  }
}
