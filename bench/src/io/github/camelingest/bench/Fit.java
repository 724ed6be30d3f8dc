package io.github.camelingest.bench;

import io.github.camelingest.it.Question;
import io.github.camelingest.local.LocalStack;
import io.github.camelingest.local.SampleData;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * What {@code ./manage.sh fit} does outside of its control group: uploads, waits for loads, asks.
 */
@Command(
    name = "fit",
    description = "The work of ./manage.sh fit, against the servers that the environment names.")
public final class Fit {

  private static final long SEED = 94;

  /** Where objects wait for their copy; no dataset has this prefix. */
  private static final String PREPARED = "prepared/";

  private static final int SMALL = 250;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final long LOOK_AGAIN_MILLIS = 250;
  private static final long THINK_MILLIS = 1_000;

  private static final String ANALYST = "analyst";

  private final String bucket = System.getenv("INGEST_BUCKET");

  private Fit() {}

  public static void main(String[] arguments) {
    CommandLine line = new CommandLine(new Fit());
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          command.getErr().println("fit: " + e.getMessage());
          return 1;
        });
    System.exit(line.execute(arguments));
  }

  @Command(
      description = "Uploads so many visits, a quarter for each kind of load, and the network.")
  void prepare(@Parameters(paramLabel = "VISITS") int visits) throws IOException {
    SampleData data = new SampleData(SEED);
    int quarter = visits / 4;
    try (S3Client s3 = s3()) {
      String network = data.network();
      s3.putObject(
          request -> request.bucket(bucket).key(PREPARED + "network/network.adjlist"),
          RequestBody.fromString(network));
      upload(s3, data, "plain", false, quarter, quarter);
      upload(s3, data, "gzip", true, quarter, quarter);
      upload(s3, data, "small", false, quarter, SMALL);
      int fifth = quarter / 5;
      upload(s3, data, "together", false, 2 * fifth, fifth);
      upload(s3, data, "together", true, 2 * fifth, fifth);
      upload(s3, data, "together", false, quarter - 4 * fifth, SMALL);
    }
  }

  /** Objects of at most so many visits each. */
  private void upload(S3Client s3, SampleData data, String kind, boolean gzip, int visits, int each)
      throws IOException {
    Path file = Files.createTempFile("fit", ".jsonl");
    try {
      for (int from = 0; from < visits; from += each) {
        write(data, file, gzip, Math.min(each, visits - from));
        String key =
            "%svisits/%s/%d-%07d.jsonl%s".formatted(PREPARED, kind, each, from, gzip ? ".gz" : "");
        s3.putObject(request -> request.bucket(bucket).key(key), file);
      }
    } finally {
      Files.delete(file);
    }
  }

  private static void write(SampleData data, Path file, boolean gzip, int visits)
      throws IOException {
    try (OutputStream bytes = Files.newOutputStream(file);
        OutputStream content = gzip ? new GZIPOutputStream(bytes) : bytes;
        Writer lines =
            new BufferedWriter(new OutputStreamWriter(content, StandardCharsets.US_ASCII))) {
      for (int i = 0; i < visits; i++) {
        lines.write(data.visit());
        lines.write('\n');
      }
    }
  }

  @Command(description = "Makes the three roles, with the password of the local stack.")
  void roles() throws IOException, SQLException {
    try (Connection superuser = database("postgres")) {
      LocalStack.makeRoles(superuser, password());
    }
  }

  @Command(description = "Takes everything out of the datasets' prefixes and of the queue.")
  void clear() {
    try (S3Client s3 = s3();
        SqsClient sqs = SqsClient.create()) {
      for (String dataset : List.of("visits/", "network/")) {
        for (String key : keys(s3, dataset)) {
          s3.deleteObject(request -> request.bucket(bucket).key(key));
        }
      }
      sqs.purgeQueue(request -> request.queueUrl(System.getenv("INGEST_QUEUE")));
    }
  }

  @Command(description = "Copies prepared objects to where the application looks for them.")
  void bring(@Parameters(paramLabel = "PREFIX") String prefix) {
    try (S3Client s3 = s3()) {
      for (String key : keys(s3, PREPARED + prefix)) {
        s3.copyObject(
            request ->
                request
                    .sourceBucket(bucket)
                    .sourceKey(key)
                    .destinationBucket(bucket)
                    .destinationKey(key.substring(PREPARED.length())));
      }
    }
  }

  @Command(
      description =
          "Waits until all objects with a prefix are loaded; prints rows, and seconds from the first claim on.")
  int await(@Parameters(paramLabel = "PREFIX") String prefix)
      throws SQLException, InterruptedException {
    try (S3Client s3 = s3();
        Connection database = database(System.getenv("INGEST_DB_USER"));
        PreparedStatement look =
            database.prepareStatement(
                "select count(*) filter (where state = 'loaded'), coalesce(sum(rows), 0),"
                    + " coalesce(sum(rejected), 0), extract(epoch from max(loaded_at) - min(started_at))"
                    + " from ingest.object where starts_with(key, ?)")) {
      look.setString(1, prefix);
      int objects = keys(s3, prefix).size();
      long before = -1;
      long deadline = 0;
      while (true) {
        try (ResultSet result = look.executeQuery()) {
          result.next();
          long rows = result.getLong(2);
          if (result.getInt(1) == objects) {
            System.out.printf("%d %d %.3f%n", rows, objects, result.getDouble(4));
            return result.getLong(3) == 0 ? 0 : 1;
          }
          if (rows > before) {
            before = rows;
            deadline = System.nanoTime() + PATIENCE.toNanos();
          } else if (System.nanoTime() > deadline) {
            System.err.printf(
                "fit: %d of %d objects of %s are loaded, and no row came for %d s%n",
                result.getInt(1), objects, prefix, PATIENCE.toSeconds());
            return 1;
          }
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
      }
    }
  }

  @Command(description = "Prints how many visits there are.")
  void count() throws SQLException {
    try (Connection database = database(ANALYST)) {
      try (Statement statement = database.createStatement();
          ResultSet result = statement.executeQuery("select count(*) from fsm.visit")) {
        result.next();
        System.out.println(result.getLong(1));
      }
    }
  }

  @Command(
      description =
          "Asks the five questions, one after the other, until SIGTERM; prints how many, their median and the longest, seconds.")
  void ask() throws IOException, SQLException, InterruptedException {
    List<Double> seconds = Collections.synchronizedList(new ArrayList<>());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> print(seconds)));
    try (Connection database = database(ANALYST);
        Statement statement = database.createStatement()) {
      while (true) {
        for (String question : Question.NAMES) {
          long start = System.nanoTime();
          statement.execute(Question.of(question, Map.of()));
          seconds.add((System.nanoTime() - start) / 1e9);
          TimeUnit.MILLISECONDS.sleep(THINK_MILLIS);
        }
      }
    }
  }

  private static void print(List<Double> seconds) {
    List<Double> sorted = new ArrayList<>(seconds);
    Collections.sort(sorted);
    if (!sorted.isEmpty()) {
      System.out.printf(
          "%d %.3f %.3f%n",
          sorted.size(), sorted.get(sorted.size() / 2), sorted.get(sorted.size() - 1));
      System.out.flush();
    }
  }

  private List<String> keys(S3Client s3, String prefix) {
    return s3
        .listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix))
        .contents()
        .stream()
        .map(S3Object::key)
        .toList();
  }

  private static S3Client s3() {
    return S3Client.builder().forcePathStyle(true).build();
  }

  private static Connection database(String user) throws SQLException {
    return DriverManager.getConnection(System.getenv("INGEST_DB_URL"), user, password());
  }

  private static String password() {
    return System.getenv("INGEST_DB_PASSWORD");
  }
}
