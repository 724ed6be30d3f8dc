package io.github.camelingest.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder that the application runs in: copies of {@code routes/} and {@code sql/}, and one more
 * dataset, the journal. It loads the same lines as visits do, by the same route, into a table
 * without a key: a line that is delivered twice stands there twice.
 */
final class WorkingFolder {

  /** SQL that creates the journal's table in a database. */
  static final String CREATE_JOURNAL =
      """
      create schema torture;
      create table torture.journal (
        task_id integer not null,
        visit_no integer not null,
        node_id integer not null,
        object_id bigint not null,
        line bigint not null
      );
      create index on torture.journal (object_id)
      """;

  /** What stands in {@code sql/load} for the journal: one file for each that the visits have. */
  private static final Map<String, String> JOURNAL_SQL =
      Map.of(
          "journal.sql",
          """
          insert into torture.journal (task_id, visit_no, node_id, object_id, line)
          select task_id, visit_no, node_id, object_id, line from journal_batch
          """,
          "journal-replace.sql",
          """
          delete from torture.journal where object_id in (select ingest.outdated(:#${body.objectId}))
          """);

  /** From the step that copies to the steps that run where it does not. */
  private static final Pattern COPYING =
      Pattern.compile(
          "(?m)^ *- doTry:\\n *id: visits-write\\n(.*\\n)*?.*NotCopiedException\\n *steps:\\n");

  private static final Pattern NAMED_SQL = Pattern.compile("/load/(journal[\\w-]*\\.sql)");
  private static final Pattern ENTERS =
      Pattern.compile(" +- bean:\n +id: s3-events-enter\n(?: +[a-z].*\n)+");

  private final Path folder;
  private int saves;

  private WorkingFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes the folder from the repository's in the working directory.
   *
   * @throws IllegalStateException if the routes are no longer such that this can be done
   */
  static WorkingFolder create(Path folder, Broken broken) throws IOException {
    WorkingFolder made = new WorkingFolder(folder);
    copy(Path.of("routes"), folder.resolve("routes"));
    copy(Path.of("sql"), folder.resolve("sql"));
    made.pollShortly();
    made.addJournal(broken == Broken.SECOND_TRANSACTION);
    if (broken == Broken.ACKNOWLEDGE_EARLY) {
      made.acknowledgeEarly();
    }
    return made;
  }

  Path path() {
    return folder;
  }

  /**
   * Saves the routes of visits and journal once more, with another comment in them.
   *
   * @param broken whether they are no routes then
   */
  void save(boolean broken) {
    saves++;
    for (String dataset : List.of("visits", "journal")) {
      Path file = folder.resolve("routes/%s.camel.yaml".formatted(dataset));
      try {
        String yaml = Files.readString(file).replaceAll("(?m)^(# saved|broken: ).*\\n", "");
        Files.writeString(
            file, "# saved %d times\n".formatted(saves) + (broken ? "broken: [\n" : "") + yaml);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void addJournal(boolean secondTransaction) throws IOException {
    String route =
        mergingAll(Files.readString(folder.resolve("routes/visits.camel.yaml")))
            .replace("visits", "journal");
    Files.writeString(folder.resolve("routes/journal.camel.yaml"), route);
    for (Map.Entry<String, String> sql : JOURNAL_SQL.entrySet()) {
      String end =
          secondTransaction && sql.getKey().equals("journal.sql")
              ? "; commit; select pg_sleep(0.1)"
              : "";
      Files.writeString(
          folder.resolve("sql/load").resolve(sql.getKey()), sql.getValue().strip() + end + "\n");
    }
    Matcher named = NAMED_SQL.matcher(route);
    while (named.find()) {
      if (!JOURNAL_SQL.containsKey(named.group(1))) {
        throw new IllegalStateException(
            "routes/visits.camel.yaml names a file of sql/load that has no counterpart %s; add it to JOURNAL_SQL"
                .formatted(named.group(1)));
      }
    }
  }

  /** Without the step that copies rows straight into fsm.visit: the journal has SQL of its own. */
  private static String mergingAll(String route) {
    Matcher copying = COPYING.matcher(route);
    if (!copying.find()) {
      throw new IllegalStateException("routes/visits.camel.yaml has no doTry around visits-copy");
    }
    return copying.replaceFirst("");
  }

  /**
   * The local queue goes on with a poll whose client was killed, and hands it messages, which SQS
   * does not. Else these would get most of them.
   */
  private void pollShortly() throws IOException {
    Path file = folder.resolve("routes/discovery.camel.yaml");
    Files.writeString(
        file, Files.readString(file).replaceFirst("waitTimeSeconds: \\d+", "waitTimeSeconds: 1"));
  }

  private void acknowledgeEarly() throws IOException {
    Path file = folder.resolve("routes/discovery.camel.yaml");
    String yaml = Files.readString(file);
    Matcher enters = ENTERS.matcher(yaml);
    if (!enters.find()) {
      throw new IllegalStateException("routes/discovery.camel.yaml has no step s3-events-enter");
    }
    // The next step deletes them.
    Files.writeString(
        file,
        enters.replaceFirst("              - wireTap:\n                  uri: direct:late\n")
            + """
            - route:
                id: late
                from:
                  uri: direct:late
                  steps:
                    - delay:
                        constant: 300
                    - bean:
                        ref: s3Events
                        method: enter
            """);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }
}
