package io.github.camelingest.it;

import io.github.camelingest.local.LocalStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * A bucket, its queue and a database on real servers. Those of tests are each test's own, on
 * servers that all tests of the JVM share. Thread-safe.
 */
public final class Space {

  private static final AtomicInteger SPACES = new AtomicInteger();

  private final Map<String, String> environment;
  private final S3Client s3;
  private final SqsClient sqs;
  private final PGSimpleDataSource database;

  /**
   * @param environment how the application finds the space, as {@link LocalStack#space} says it
   */
  public Space(Map<String, String> environment) {
    this.environment = environment;
    StaticCredentialsProvider credentials =
        StaticCredentialsProvider.create(
            AwsBasicCredentials.create(
                environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY")));
    Region region = Region.of(environment.get("AWS_REGION"));
    s3 =
        S3Client.builder()
            .endpointOverride(URI.create(environment.get("AWS_ENDPOINT_URL_S3")))
            .forcePathStyle(true)
            .region(region)
            .credentialsProvider(credentials)
            .build();
    sqs =
        SqsClient.builder()
            .endpointOverride(URI.create(environment.get("AWS_ENDPOINT_URL_SQS")))
            .region(region)
            .credentialsProvider(credentials)
            .build();
    database = new PGSimpleDataSource();
    database.setUrl(environment.get("INGEST_DB_URL"));
    database.setUser(environment.get("INGEST_DB_USER"));
    database.setPassword(environment.get("INGEST_DB_PASSWORD"));
  }

  static Space create() {
    return new Space(Stack.RUNNING.space("space" + SPACES.incrementAndGet()));
  }

  /** The servers that tests share, for those that harm them; whoever stops one starts it again. */
  static LocalStack servers() {
    return Stack.RUNNING;
  }

  /** What the application needs to find this space. */
  public Map<String, String> environment() {
    return environment;
  }

  public String bucket() {
    return environment.get("INGEST_BUCKET");
  }

  void put(String key, String content) {
    put(key, content.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @return its etag, without quotes
   */
  public String put(String key, byte[] content) {
    return s3.putObject(
            request -> request.bucket(bucket()).key(key), RequestBody.fromBytes(content))
        .eTag()
        .replace("\"", "");
  }

  /**
   * @param encoding what S3 says of the object as Content-Encoding
   */
  void put(String key, byte[] content, String encoding) {
    s3.putObject(
        request -> request.bucket(bucket()).key(key).contentEncoding(encoding),
        RequestBody.fromBytes(content));
  }

  void delete(String key) {
    s3.deleteObject(request -> request.bucket(bucket()).key(key));
  }

  void send(String message) {
    send(message, Duration.ZERO);
  }

  /**
   * @param delay until somebody can receive it; whole seconds
   */
  public void send(String message, Duration delay) {
    sqs.sendMessage(
        r ->
            r.queueUrl(environment.get("INGEST_QUEUE"))
                .messageBody(message)
                .delaySeconds((int) delay.toSeconds()));
  }

  /** Removes all messages, those included that somebody has received. */
  void purge() {
    sqs.purgeQueue(r -> r.queueUrl(environment.get("INGEST_QUEUE")));
  }

  /** Takes the next messages out of the queue; waits for the first. */
  List<String> receive() {
    return sqs
        .receiveMessage(r -> r.queueUrl(environment.get("INGEST_QUEUE")).waitTimeSeconds(10))
        .messages()
        .stream()
        .peek(
            m ->
                sqs.deleteMessage(
                    r ->
                        r.queueUrl(environment.get("INGEST_QUEUE"))
                            .receiptHandle(m.receiptHandle())))
        .map(Message::body)
        .toList();
  }

  /** Messages in the queue, those included that are received and not deleted, or delayed. */
  public int messages() {
    return messages(environment.get("INGEST_QUEUE"));
  }

  /** Messages that the queue has given up. */
  int deadLetters() {
    return messages(environment.get("INGEST_QUEUE") + LocalStack.DEAD_LETTER_QUEUE);
  }

  private int messages(String queueUrl) {
    Map<QueueAttributeName, String> counts =
        sqs.getQueueAttributes(
                r ->
                    r.queueUrl(queueUrl)
                        .attributeNames(
                            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
            .attributes();
    return counts.values().stream().mapToInt(Integer::parseInt).sum();
  }

  public JdbcClient sql() {
    return JdbcClient.create(database);
  }

  public Connection connection() throws SQLException {
    return database.getConnection();
  }

  public long number(String query) {
    return sql().sql(query).query(Long.class).single();
  }

  public String text(String query) {
    return sql().sql(query).query(String.class).single();
  }

  List<Map<String, Object>> rows(String query) {
    return sql().sql(query).query().listOfRows();
  }

  /**
   * Everything that a load leaves behind, by key instead of id, so that two runs can be compared.
   */
  List<String> tables() {
    return Stream.of(
            "select v - 'object_id' || jsonb_build_object('key', o.key) from (select object_id, to_jsonb(t) as v from fsm.visit t) x (object_id, v) join ingest.object o on o.id = object_id",
            "select v - 'object_id' || jsonb_build_object('key', o.key) from (select object_id, to_jsonb(t) as v from fsm.visit_corrected t) x (object_id, v) join ingest.object o on o.id = object_id",
            "select v - 'object_id' || jsonb_build_object('key', o.key) from (select object_id, to_jsonb(t) as v from fsm.network_edge t) x (object_id, v) join ingest.object o on o.id = object_id",
            "select v - 'object_id' - 'at' || jsonb_build_object('key', o.key) from (select object_id, to_jsonb(t) as v from ingest.rejected_line t) x (object_id, v) join ingest.object o on o.id = object_id",
            "select jsonb_build_object('key', key, 'state', state, 'lines', lines, 'rows', rows, 'rejected', rejected, 'blank', blank, 'filtered', filtered, 'committed', committed::text) from ingest.object")
        .flatMap(
            query ->
                sql()
                    .sql("select r::text from (%s) q (r) order by 1".formatted(query))
                    .query(String.class)
                    .list()
                    .stream())
        .toList();
  }

  /** Started once, before the first test that needs it; stopped at the end of the JVM. */
  private static final class Stack {
    private static final Path DATA = Path.of("target", "it-stack");
    private static final LocalStack RUNNING = start();

    private static LocalStack start() {
      LocalStack.endOrphan(DATA);
      Stream.of("postgres", "s3", "secret").map(DATA::resolve).forEach(Stack::remove);
      LocalStack stack = LocalStack.start(LocalStack.Options.in(DATA));
      Runtime.getRuntime().addShutdownHook(new Thread(stack::close));
      try {
        Jar.archiveClasses(stack.space("classes"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return stack;
    }

    private static void remove(Path folder) {
      if (Files.notExists(folder)) {
        return;
      }
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
