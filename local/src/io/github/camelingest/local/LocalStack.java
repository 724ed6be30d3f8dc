package io.github.camelingest.local;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.ActorSystem;
import org.elasticmq.NodeAddress;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/**
 * S3, SQS and PostgreSQL on loopback in this JVM, with all data in one folder. What is written to a
 * bucket is told to the queue of the same name, as S3 does.
 */
public final class LocalStack implements AutoCloseable {

  private static final String HOST = LocalPostgres.HOST;
  private static final String EVERY_ADDRESS = "0.0.0.0";
  private static final String REGION = "us-east-1";
  private static final String ACCESS_KEY = "local";
  private static final String DATABASE_USER = "ingest";
  private static final int SECRET_BYTES = 24;

  /** How the dead-letter queue of a queue is named: behind the queue's name. */
  public static final String DEAD_LETTER_QUEUE = "-dlq";

  /** So often a message is received before it goes to the dead-letter queue. */
  private static final int MOST_RECEIPTS = 5;

  /**
   * Where the stack lives.
   *
   * @param data folder for everything it keeps; created if need be
   * @param s3Port 0 for a free one, as for the other two
   */
  public record Options(Path data, int s3Port, int sqsPort, int dbPort) {

    /** Free ports. */
    public static Options in(Path data) {
      return new Options(data, 0, 0, 0);
    }
  }

  private final Deque<AutoCloseable> servers = new ArrayDeque<>();
  private final String secret;
  private final SqsClient sqs;
  private final NotifyingBlobStore blobs;
  private final URI s3Endpoint;
  private final URI sqsEndpoint;

  /** Where S3 and SQS listen. */
  private final String address;

  /** Null where others have the database. */
  private final LocalPostgres postgres;

  private LocalStack(Options options, Optional<String> host, UnaryOperator<BlobStore> objects)
      throws Exception {
    Files.createDirectories(options.data());
    address = host.isPresent() ? EVERY_ADDRESS : HOST;
    String name = host.orElse(HOST);
    secret = secret(options.data().resolve("secret"));
    try {
      int sqsPort = portFor("SQS", options.sqsPort());
      startSqs(name, sqsPort);
      sqsEndpoint = endpoint(name, sqsPort);
      sqs = sqsClient(endpoint(HOST, sqsPort));
      blobs =
          new NotifyingBlobStore(
              objects.apply(new FilesystemNio2BlobStore(folder(options, "s3").toString())),
              this::tell);
      int s3Port = portFor("S3", options.s3Port());
      startS3(s3Port);
      s3Endpoint = endpoint(name, s3Port);
      postgres =
          host.isPresent() ? null : startPostgres(options, portFor("PostgreSQL", options.dbPort()));
    } catch (Exception | Error e) {
      close();
      throw e;
    }
  }

  /**
   * Starts all servers; they answer when this returns.
   *
   * @throws LocalStackException if one cannot start; the message says why
   */
  public static LocalStack start(Options options) {
    return start(options, UnaryOperator.identity());
  }

  /**
   * The same with other objects than those that are uploaded.
   *
   * @param objects what S3 has, from what is uploaded
   */
  public static LocalStack start(Options options, UnaryOperator<BlobStore> objects) {
    return start(options, Optional.empty(), objects);
  }

  /**
   * S3 and SQS alone, for the other containers of a network: they listen on every address.
   *
   * @param host by which the others reach them
   */
  public static LocalStack startObjects(Options options, String host) {
    return start(options, Optional.of(host), UnaryOperator.identity());
  }

  private static LocalStack start(
      Options options, Optional<String> host, UnaryOperator<BlobStore> objects) {
    try {
      return new LocalStack(options, host, objects);
    } catch (LocalStackException e) {
      throw e;
    } catch (Exception e) {
      throw new LocalStackException("the local stack does not start: " + e.getMessage(), e);
    }
  }

  /** Ends a PostgreSQL server on this data that outlived its stack, because the JVM was killed. */
  public static void endOrphan(Path data) {
    Postmaster.stop(data.resolve("postgres"));
  }

  private static Path folder(Options options, String name) throws IOException {
    return Files.createDirectories(options.data().resolve(name)).toAbsolutePath();
  }

  private int portFor(String server, int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(address, port));
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new LocalStackException(
          "port %d for %s is in use on %s; choose another or 0 for a free one"
              .formatted(port, server, address),
          e);
    }
  }

  private static URI endpoint(String host, int port) {
    return URI.create("http://%s:%d".formatted(host, port));
  }

  private void startSqs(String host, int port) {
    ActorSystem system = ActorSystem.create("local-sqs");
    servers.push(system::terminate);
    SQSRestServerBuilder.withActorSystem(system)
        .withInterface(address)
        .withPort(port)
        .withServerAddress(new NodeAddress("http", host, port, ""))
        .withAWSRegion(REGION)
        .start()
        .waitUntilStarted();
  }

  private SqsClient sqsClient(URI endpoint) {
    SqsClient client =
        SqsClient.builder()
            .endpointOverride(endpoint)
            .region(Region.of(REGION))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, secret)))
            .build();
    servers.push(client);
    return client;
  }

  private void startS3(int port) throws Exception {
    S3Proxy server =
        S3Proxy.builder()
            .blobStore(blobs)
            .endpoint(endpoint(address, port))
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, secret)
            .ignoreUnknownHeaders(true)
            .build();
    servers.push(server::stop);
    server.start();
  }

  private LocalPostgres startPostgres(Options options, int port) throws Exception {
    LocalPostgres server =
        new LocalPostgres(
            folder(options, "postgres"), folder(options, "postgres-binaries"), port, secret);
    servers.push(server);
    server.start();
    return server;
  }

  /** SIGKILL for PostgreSQL, all its processes at once; they are gone when this returns. */
  public void killPostgres() {
    harm(postgres::kill);
  }

  /** Stops PostgreSQL; it does not wait for its clients. */
  public void stopPostgres() {
    harm(postgres::stop);
  }

  /**
   * Starts PostgreSQL again after a stop or a kill, on the same port and data; it answers when this
   * returns.
   */
  public void startPostgres() {
    harm(postgres::start);
  }

  private interface Harm {
    void run() throws IOException, SQLException;
  }

  private static void harm(Harm harm) {
    try {
      harm.run();
    } catch (IOException | SQLException e) {
      throw new LocalStackException("PostgreSQL: " + e.getMessage(), e);
    }
  }

  /**
   * A bucket, a queue that hears of it, with a dead-letter queue, and a database where we have one,
   * all of that name; kept if they are there.
   *
   * @param name lower-case letters and digits
   * @return the environment variables by which the application and the AWS tools find them
   */
  public Map<String, String> space(String name) {
    return space(name, "template1");
  }

  /**
   * The same; a database that is not there yet begins as a copy.
   *
   * @param template the database that is copied, which nobody is connected to
   */
  public Map<String, String> space(String name, String template) {
    String queueUrl = queue(name);
    if (!blobs.containerExists(name)) {
      blobs.createContainer(name);
    }
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("INGEST_BUCKET", name);
    environment.put("INGEST_QUEUE", queueUrl);
    if (postgres != null) {
      createDatabase(name, template);
      environment.put(
          "INGEST_DB_URL", "jdbc:postgresql://%s:%d/%s".formatted(HOST, postgres.port(), name));
      environment.put("INGEST_DB_USER", DATABASE_USER);
      environment.put("INGEST_DB_PASSWORD", secret);
    }
    environment.put("AWS_REGION", REGION);
    environment.put("AWS_ACCESS_KEY_ID", ACCESS_KEY);
    environment.put("AWS_SECRET_ACCESS_KEY", secret);
    environment.put("AWS_ENDPOINT_URL_S3", s3Endpoint.toString());
    environment.put("AWS_ENDPOINT_URL_SQS", sqsEndpoint.toString());
    return environment;
  }

  /**
   * The same, whose schemas belong to another role than the one that ingests: {@code sql/roles.sql}
   * has run in its database. The roles have the password of the space.
   */
  public Map<String, String> spaceWithRoles(String name) {
    Map<String, String> environment = space(name);
    try (Connection connection = postgres.connection(name)) {
      makeRoles(connection, secret);
    } catch (IOException | SQLException e) {
      throw new LocalStackException(
          "the roles of %s cannot be made: %s".formatted(name, e.getMessage()), e);
    }
    environment.put("INGEST_DB_USER", "ingest_writer");
    environment.put("INGEST_DB_MIGRATION_USER", "ingest_owner");
    environment.put("INGEST_DB_MIGRATION_PASSWORD", secret);
    return environment;
  }

  /**
   * Makes the roles of {@code sql/roles.sql}, which log in with the password.
   *
   * @param superuser a superuser's connection to the database that they are for
   */
  public static void makeRoles(Connection superuser, String password)
      throws IOException, SQLException {
    try (Statement statement = superuser.createStatement()) {
      statement.execute(Files.readString(Path.of("sql", "roles.sql")));
      for (String role : new String[] {"ingest_owner", "ingest_writer", "analyst"}) {
        statement.execute("alter role %s password '%s'".formatted(role, password));
      }
    }
  }

  private String queue(String name) {
    try {
      return sqs.getQueueUrl(request -> request.queueName(name)).queueUrl();
    } catch (QueueDoesNotExistException e) {
      String redrive = redriveTo(name + DEAD_LETTER_QUEUE);
      String url =
          sqs.createQueue(
                  request ->
                      request
                          .queueName(name)
                          .attributes(Map.of(QueueAttributeName.REDRIVE_POLICY, redrive)))
              .queueUrl();
      // What S3 sends when somebody connects a bucket to a queue.
      sqs.sendMessage(request -> request.queueUrl(url).messageBody(S3EventJson.test(name)));
      return url;
    }
  }

  private String redriveTo(String deadLetterQueue) {
    String url = sqs.createQueue(request -> request.queueName(deadLetterQueue)).queueUrl();
    String arn =
        sqs.getQueueAttributes(
                request -> request.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes()
            .get(QueueAttributeName.QUEUE_ARN);
    return "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":\"%d\"}"
        .formatted(arn, MOST_RECEIPTS);
  }

  private synchronized void createDatabase(String name, String template) {
    try (Connection connection = postgres.connection();
        Statement statement = connection.createStatement()) {
      if (!statement
          .executeQuery("select from pg_roles where rolname = '%s'".formatted(DATABASE_USER))
          .next()) {
        statement.execute("create role %s login password '%s'".formatted(DATABASE_USER, secret));
      }
      if (!statement
          .executeQuery("select from pg_database where datname = '%s'".formatted(name))
          .next()) {
        statement.execute(
            "create database %s owner %s template %s".formatted(name, DATABASE_USER, template));
      }
    } catch (SQLException e) {
      throw new LocalStackException(
          "database %s cannot be created: %s".formatted(name, e.getMessage()), e);
    }
  }

  private void tell(String bucket, String event) {
    sqs.sendMessage(request -> request.queueUrl(queue(bucket)).messageBody(event));
  }

  private static String secret(Path file) throws IOException {
    if (Files.exists(file)) {
      return Files.readString(file).strip();
    }
    byte[] random = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(random);
    String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, secret + "\n");
    return secret;
  }

  /** Stops what is running, the newest first. */
  @Override
  public void close() throws LocalStackException {
    Optional<Exception> failure = Optional.empty();
    while (!servers.isEmpty()) {
      try {
        servers.pop().close();
      } catch (Exception e) {
        failure = Optional.of(e);
      }
    }
    failure.ifPresent(
        e -> {
          throw new LocalStackException(
              "a server of the local stack did not stop: " + e.getMessage(), e);
        });
  }
}
