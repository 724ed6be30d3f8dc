package io.github.camelingest.local;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What {@code ./manage.sh demo} does besides running the application: uploads, watches and reports.
 */
@Command(
    name = "demo",
    description = "The steps of the demo, against the stack that the environment names.")
public final class Demo {

  private static final long SEED = 2020;
  private static final int VISITS_IN_FILE = 5_000;
  private static final int FILES_OF_A_HALF = 3;
  private static final int NODE = 94;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LOOK_AGAIN_MILLIS = 500;

  private final String bucket = System.getenv("INGEST_BUCKET");

  private Demo() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Demo()).execute(arguments));
  }

  @Command(description = "Uploads the network.")
  void network() {
    try (S3Client s3 = s3()) {
      upload(
          s3,
          "network/network.adjlist",
          new SampleData(SEED).network().getBytes(StandardCharsets.UTF_8));
    }
  }

  @Command(description = "Uploads the first half of the visits: plain files and a gzip one.")
  void morning() {
    SampleData data = new SampleData(SEED);
    try (S3Client s3 = s3()) {
      for (int file = 1; file <= FILES_OF_A_HALF; file++) {
        upload(s3, "visits/morning-%d.jsonl".formatted(file), visits(data));
      }
      upload(s3, "visits/noon.jsonl.gz", SampleData.gzip(data.visits(VISITS_IN_FILE)));
    }
  }

  @Command(
      description =
          "Uploads the second half of the visits: plain files and one with a few lines that are broken, correct another"
              + " report or cannot be right.")
  void evening() {
    SampleData data = new SampleData(SEED);
    data.visits((FILES_OF_A_HALF + 1) * VISITS_IN_FILE);
    try (S3Client s3 = s3()) {
      for (int file = 1; file <= FILES_OF_A_HALF; file++) {
        upload(s3, "visits/evening-%d.jsonl".formatted(file), visits(data));
      }
      upload(s3, "visits/late.jsonl", late(data).getBytes(StandardCharsets.UTF_8));
    }
  }

  private static byte[] visits(SampleData data) {
    return data.visits(VISITS_IN_FILE).getBytes(StandardCharsets.UTF_8);
  }

  private static String late(SampleData data) {
    List<String> lines = new ArrayList<>(List.of(data.visits(VISITS_IN_FILE).split("\n")));
    lines.set(99, lines.get(99).substring(0, 40));
    lines.set(199, lines.get(199).replaceFirst("NODE\\d+", "NODEx"));
    lines.set(299, lines.get(299).replaceFirst("\"node_age\": \\d+, ", ""));
    lines.set(399, lines.get(399).replaceFirst("\"outcome\": \"\\w+\"", "\"outcome\": \"MAYBE\""));
    lines.set(499, "");
    // Of a visit that the first file of the morning has, with another note.
    String first = new SampleData(SEED).visit();
    lines.set(599, first.replaceFirst("(\"engineer_note\": \")[^\"]*", "$1126 7 126"));
    lines.set(699, lines.get(699).replaceFirst("(reported_date\": \")\\d+", "$12031"));
    return String.join("\n", lines);
  }

  private void upload(S3Client s3, String key, byte[] content) {
    s3.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(content));
    System.out.printf("  uploaded s3://%s/%s (%,d bytes)%n", bucket, key, content.length);
  }

  @Command(description = "Shows progress until every object of the bucket is loaded.")
  int watch() throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (S3Client s3 = s3();
        Connection database = database()) {
      long uploaded = s3.listObjectsV2Paginator(r -> r.bucket(bucket)).contents().stream().count();
      while (System.nanoTime() < deadline) {
        long loaded = number(database, "select count(*) from ingest.files where state = 'loaded'");
        System.out.printf(
            "  %d of %d objects loaded, %,d visits%n",
            loaded, uploaded, number(database, "select count(*) from fsm.visit"));
        if (loaded == uploaded) {
          return 0;
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
      }
    }
    System.err.printf(
        "not everything was loaded within %d s; see ./manage.sh logs%n", PATIENCE.toSeconds());
    return 1;
  }

  @Command(description = "Shows what arrived.")
  int report() throws SQLException {
    try (Connection database = database()) {
      System.out.println("\nWhat arrived (ingest.files):");
      show(
          database,
          "%-10s %8s %10s %10s %10s %8s",
          """
          select dataset, count(*) as objects, sum(lines) as lines, sum(rows) as rows, sum(rejected) as rejected,
            sum(blank) as blank
          from ingest.files where state = 'loaded' group by dataset order by dataset
          """);
      System.out.printf(
          "%nRows: %,d visits, %,d network edges%n",
          number(database, "select count(*) from fsm.visit"),
          number(database, "select count(*) from fsm.network_edge"));
      System.out.println("\nRejected lines (ingest.rejected_line):");
      show(
          database,
          "%-14s %6s  %-14s %s",
          """
          select split_part(o.key, '/', 2) as object, r.line, r.reason, r.message
          from ingest.rejected_line r join ingest.object o on o.id = r.object_id order by o.key, r.line
          """);
      System.out.println("\nReports that another one has corrected (fsm.visit_corrected):");
      show(
          database,
          "%7s %8s  %-36s %s",
          """
          select c.task_id, c.visit_no, concat_ws(':', split_part(was.key, '/', 2), c.line) as corrected,
            concat_ws(':', split_part(by.key, '/', 2), v.line) as holds
          from fsm.visit_corrected c join fsm.visit v using (task_id, visit_no)
          join ingest.origin was on was.id = c.object_id join ingest.origin by on by.id = v.object_id
          order by c.task_id, c.visit_no
          """);
      System.out.println("\nWhat cannot be right (fsm.contradiction):");
      show(
          database,
          "%7s %8s  %s",
          "select task_id, coalesce(visit_no::text, '-') as visit_no, kind from fsm.contradiction order by task_id, visit_no");
      System.out.printf("%nAll nodes within 2 hops of node %d (fsm.nodes_within):%n", NODE);
      System.out.println(
          "  "
              + text(
                  database,
                  "select string_agg(node_id::text, ' ' order by node_id) from fsm.nodes_within(94, 2)"));
      long incomplete =
          number(
              database,
              "select count(*) from ingest.files where lines is distinct from rows + rejected + blank");
      System.out.printf(
          "%nlines = rows + rejected + blank for %s object%n",
          incomplete == 0 ? "every" : "NOT every");
      return incomplete == 0 ? 0 : 1;
    }
  }

  private static S3Client s3() {
    return S3Client.builder().forcePathStyle(true).build();
  }

  private static Connection database() throws SQLException {
    return DriverManager.getConnection(
        System.getenv("INGEST_DB_URL"),
        System.getenv("INGEST_DB_USER"),
        System.getenv("INGEST_DB_PASSWORD"));
  }

  private static long number(Connection database, String query) throws SQLException {
    return Long.parseLong(text(database, query));
  }

  private static String text(Connection database, String query) throws SQLException {
    try (Statement statement = database.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getString(1);
    }
  }

  private static void show(Connection database, String format, String query) throws SQLException {
    try (Statement statement = database.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      int columns = result.getMetaData().getColumnCount();
      Object[] cells = new Object[columns];
      for (int i = 0; i < columns; i++) {
        cells[i] = result.getMetaData().getColumnLabel(i + 1);
      }
      System.out.printf("  " + format + "%n", cells);
      while (result.next()) {
        for (int i = 0; i < columns; i++) {
          cells[i] = result.getString(i + 1);
        }
        System.out.printf("  " + format + "%n", cells);
      }
    }
  }
}
