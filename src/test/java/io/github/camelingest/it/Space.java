package io.github.camelingest.it;

import io.github.camelingest.local.LocalStack;
import io.github.camelingest.local.S3EventJson;
import io.github.camelingest.local.SampleData;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.UserCredentialsDataSourceAdapter;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;
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

  /** Whether its S3 server tells the queue of new objects; else whoever writes them here does. */
  private final boolean serverTells;

  /**
   * @param environment how the application finds the space, as {@link LocalStack#space} says it
   */
  public Space(Map<String, String> environment) {
    this(environment, true);
  }

  private Space(Map<String, String> environment, boolean serverTells) {
    this.environment = environment;
    this.serverTells = serverTells;
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
    return new Space(
        Stack.RUNNING.space("space" + SPACES.incrementAndGet(), Stack.EMPTY_WITH_SCHEMAS));
  }

  /** A space in whose database nobody has made the schemas yet. */
  static Space withoutSchemas() {
    return new Space(Stack.RUNNING.space("space" + SPACES.incrementAndGet()));
  }

  /** A space whose schemas belong to another role than the one that ingests. */
  static Space withRoles() {
    return new Space(Stack.RUNNING.spaceWithRoles("space" + SPACES.incrementAndGet()));
  }

  /** The same space, from then on with roles. */
  Space handedOver() {
    return new Space(Stack.RUNNING.spaceWithRoles(bucket()));
  }

  /** A space whose bucket is in {@link S3Mock}; its queue hears of what is written here. */
  static Space onS3Mock() {
    Space local = create();
    Space space =
        new Space(
            Jar.with(local.environment, "AWS_ENDPOINT_URL_S3", S3Mock.endpoint().toString()),
            false);
    space.s3.createBucket(request -> request.bucket(space.bucket()));
    return space;
  }

  /** The same, where the bucket keeps every version of an object. */
  static Space onS3MockVersioned() {
    Space space = onS3Mock();
    space.s3.putBucketVersioning(
        request ->
            request
                .bucket(space.bucket())
                .versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
    return space;
  }

  /**
   * Spares clients the work that makes passwords hard to guess: a seventh of what a start takes,
   * for every connection. Holds for the user of all spaces.
   */
  private void logInFast() {
    sql()
        .sql(
            "set scram_iterations = 1; alter role current_user password '%s'"
                .formatted(environment.get("INGEST_DB_PASSWORD")))
        .update();
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
    return put(request -> request.key(key), key, content);
  }

  /**
   * @param encoding what S3 says of the object as Content-Encoding
   */
  void put(String key, byte[] content, String encoding) {
    put(request -> request.key(key).contentEncoding(encoding), key, content);
  }

  /** The same, with content that comes bit by bit. */
  void put(String key, InputStream content, long length) {
    s3.putObject(
        request -> request.bucket(bucket()).key(key), RequestBody.fromInputStream(content, length));
  }

  private String put(Consumer<PutObjectRequest.Builder> how, String key, byte[] content) {
    PutObjectResponse written =
        s3.putObject(
            PutObjectRequest.builder().bucket(bucket()).applyMutation(how).build(),
            RequestBody.fromBytes(content));
    return tell("Put", key, written.eTag(), content.length, written.versionId());
  }

  /**
   * Lets S3 copy an object within the bucket.
   *
   * @return the copy's etag, without quotes
   */
  String copy(String from, String to) {
    CopyObjectResponse copied =
        s3.copyObject(
            request ->
                request
                    .sourceBucket(bucket())
                    .sourceKey(from)
                    .destinationBucket(bucket())
                    .destinationKey(to));
    long size = head(to).contentLength();
    return tell("Copy", to, copied.copyObjectResult().eTag(), size, copied.versionId());
  }

  /**
   * Writes an object in parts.
   *
   * @param parts in order; each but the last has at least 5 MiB, or S3 refuses them
   * @return its etag, without quotes
   */
  String multipart(String key, List<byte[]> parts) {
    String upload =
        s3.createMultipartUpload(request -> request.bucket(bucket()).key(key)).uploadId();
    List<CompletedPart> completed = new ArrayList<>();
    for (byte[] part : parts) {
      int number = completed.size() + 1;
      UploadPartResponse written =
          s3.uploadPart(
              request -> request.bucket(bucket()).key(key).uploadId(upload).partNumber(number),
              RequestBody.fromBytes(part));
      completed.add(CompletedPart.builder().partNumber(number).eTag(written.eTag()).build());
    }
    CompleteMultipartUploadResponse written =
        s3.completeMultipartUpload(
            request ->
                request
                    .bucket(bucket())
                    .key(key)
                    .uploadId(upload)
                    .multipartUpload(all -> all.parts(completed)));
    long size = parts.stream().mapToLong(part -> part.length).sum();
    return tell("CompleteMultipartUpload", key, written.eTag(), size, written.versionId());
  }

  /** Sends the event of a write, unless the server has; gives the etag back without quotes. */
  private String tell(String how, String key, String quotedEtag, long size, String versionId) {
    String etag = quotedEtag.replace("\"", "");
    if (!serverTells) {
      send(
          S3EventJson.created(
              how, bucket(), key, etag, size, Objects.requireNonNullElse(versionId, "")));
    }
    return etag;
  }

  /** Keys of all objects that are in the bucket now, as S3 lists them. */
  List<String> keys() {
    return s3.listObjectsV2Paginator(request -> request.bucket(bucket())).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  /** Keys of all versions and delete markers, each as often as it has some. */
  List<String> versions() {
    ListObjectVersionsResponse all = s3.listObjectVersions(request -> request.bucket(bucket()));
    return Stream.concat(
            all.versions().stream().map(ObjectVersion::key),
            all.deleteMarkers().stream().map(DeleteMarkerEntry::key))
        .toList();
  }

  /** The id of the version that a key has now; empty where the bucket keeps no versions. */
  String versionOf(String key) {
    return Objects.requireNonNullElse(head(key).versionId(), "");
  }

  private HeadObjectResponse head(String key) {
    return s3.headObject(request -> request.bucket(bucket()).key(key));
  }

  /** Replaces the tags of an object. */
  void tag(String key, Map<String, String> tags) {
    List<Tag> set =
        tags.entrySet().stream()
            .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
            .toList();
    s3.putObjectTagging(request -> request.bucket(bucket()).key(key).tagging(t -> t.tagSet(set)));
  }

  Map<String, String> tags(String key) {
    return s3.getObjectTagging(request -> request.bucket(bucket()).key(key)).tagSet().stream()
        .collect(Collectors.toMap(Tag::key, Tag::value));
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

  /**
   * Makes a queue.
   *
   * @return what it has of these attributes
   */
  Map<QueueAttributeName, String> createQueue(String name, Map<String, String> attributes) {
    String url =
        sqs.createQueue(r -> r.queueName(name).attributesWithStrings(attributes)).queueUrl();
    return sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.ALL))
        .attributes();
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

  DataSource dataSource() {
    return database;
  }

  public JdbcClient sql() {
    return JdbcClient.create(database);
  }

  public Connection connection() throws SQLException {
    return database.getConnection();
  }

  /** As another role, which has the same password. */
  JdbcClient sql(String role) {
    UserCredentialsDataSourceAdapter asRole = new UserCredentialsDataSourceAdapter();
    asRole.setTargetDataSource(database);
    asRole.setUsername(role);
    asRole.setPassword(database.getPassword());
    return JdbcClient.create(asRole);
  }

  /** A connection of another role, which has the same password. */
  public Connection connection(String role) throws SQLException {
    return database.getConnection(role, database.getPassword());
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

    /** The database that others are copied from, so that few have to make their schemas. */
    private static final String EMPTY_WITH_SCHEMAS = "schemas";

    private static final LocalStack RUNNING = start();

    private static LocalStack start() {
      LocalStack.endOrphan(DATA);
      Stream.of("postgres", "s3", "secret").map(DATA::resolve).forEach(Stack::remove);
      LocalStack stack = LocalStack.start(LocalStack.Options.in(DATA));
      Runtime.getRuntime().addShutdownHook(new Thread(stack::close));
      try {
        Space space = new Space(stack.space(EMPTY_WITH_SCHEMAS));
        space.logInFast();
        Jar.run(space.environment(), "load", "network").succeeded();
        // That the empty bucket was compared.
        space.sql().sql("truncate ingest.reconciliation").update();
        Space classes = new Space(stack.space("classes", EMPTY_WITH_SCHEMAS));
        classes.put("visits/a.jsonl", new SampleData(1).visits(10));
        Jar.archiveClasses(classes.environment());
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
