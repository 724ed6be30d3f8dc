package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelingest.afterload.Actions;
import io.github.camelingest.ledger.DueAction;
import io.github.camelingest.ledger.Outages;
import io.github.camelingest.ledger.Outbox;
import io.github.camelingest.local.SampleData;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** What happens to objects in S3 once they are loaded. */
@Execution(ExecutionMode.CONCURRENT)
class AfterLoadIT {

  private static final int MIB = 1 << 20;
  private static final Duration SLOW = Duration.ofSeconds(2);
  private static final Duration EVER = Duration.ofDays(1);

  /** More than are taken at once. */
  private static final int MANY = 60;

  private static final String LOADED = "select count(*) from ingest.object where state = 'loaded'";

  private final SampleData data = new SampleData(1);

  @Test
  void keepsThemUnlessToldOtherwise() {
    Space space = Server.LOCAL.space();
    space.put("visits/a.jsonl", data.visits(10));

    Jar.run(space.environment(), "load", "visits").succeeded();

    assertThat(space.keys()).containsExactly("visits/a.jsonl");
    assertThat(outbox(space)).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = "LOCAL", mode = EnumSource.Mode.EXCLUDE)
  void tagsThemBesidesTheTagsTheyHave(Server server) {
    // Given
    Space space = server.space();
    space.put("visits/a.jsonl", data.visits(10));
    space.put("visits/b+ ü.jsonl", data.visits(10));
    space.tag("visits/a.jsonl", Map.of("team", "field service", "ingest-state", "new"));
    String version = space.versionOf("visits/a.jsonl");

    // When
    Jar.Result result = load(space, "tag").succeeded();

    // Then
    assertThat(result.out()).contains("2 objects loaded").doesNotContain("after-load");
    assertThat(space.tags("visits/a.jsonl"))
        .isEqualTo(Map.of("team", "field service", "ingest-state", "loaded"));
    assertThat(space.tags("visits/b+ ü.jsonl")).isEqualTo(Map.of("ingest-state", "loaded"));
    assertThat(space.versionOf("visits/a.jsonl")).isEqualTo(version);
    assertThat(outbox(space)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void movesThemWhateverTheirKeys(Server server) {
    // Given
    Space space = server.space();
    List<String> keys = keys(server);
    byte[] gzip = SampleData.gzip(data.visits(10));
    keys.forEach(key -> space.put(key, gzip, "gzip"));
    if (server.hasTags()) {
      space.tag(keys.get(0), Map.of("team", "field service"));
    }

    // When
    load(space, "move").succeeded();

    // Then
    try (S3Client s3 = client(space)) {
      for (String key : keys) {
        assertThat(exists(s3, space, key)).as(key).isFalse();
        assertThat(head(s3, space, "loaded/" + key).contentEncoding()).as(key).isEqualTo("gzip");
        assertThat(content(s3, space, "loaded/" + key)).as(key).isEqualTo(gzip);
      }
    }
    if (server.hasTags()) {
      assertThat(space.tags("loaded/" + keys.get(0))).isEqualTo(Map.of("team", "field service"));
    }
    assertThat(space.number("select count(*) from ingest.files where state = 'loaded'"))
        .isEqualTo(keys.size());
    assertThat(outbox(space)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void deletesThemWhateverTheirKeysAndTheirRowsStay(Server server) {
    // Given
    Space space = server.space();
    List<String> keys = keys(server);
    keys.forEach(key -> space.put(key, data.visits(10)));

    // When
    load(space, "delete").succeeded();

    // Then
    try (S3Client s3 = client(space)) {
      assertThat(keys).noneMatch(key -> exists(s3, space, key));
    }
    assertThat(outbox(space)).isZero();

    // When they are to be loaded again
    Jar.Result replay = Jar.run(space.environment(), "replay", "--prefix", "visits/").succeeded();

    // Then
    assertThat(replay.out()).contains("%d are gone".formatted(keys.size()));
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(10L * keys.size());
  }

  @Test
  void doesNothingToAnObjectThatIsNotLoadedAndForgetsNothingOfOneThatIs() {
    // Given a commit that fails at its end
    Space space = Server.LOCAL.space();
    Jar.run(space.environment(), "load", "visits").succeeded();
    space
        .sql()
        .sql("create function no() returns trigger language plpgsql as 'begin raise; end'")
        .update();
    space
        .sql()
        .sql("create trigger no before insert on ingest.outbox for each row execute function no()")
        .update();
    space.put("visits/a.jsonl", data.visits(10));

    // When
    Jar.Result result = load(space, "delete");

    // Then
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(space.keys()).containsExactly("visits/a.jsonl");
    assertThat(space.text("select state from ingest.object")).isEqualTo("discovered");

    // When
    space.sql().sql("drop function no cascade").update();
    load(space, "delete").succeeded();

    // Then
    assertThat(space.keys()).isEmpty();
    assertThat(space.text("select state from ingest.object")).isEqualTo("loaded");
  }

  @Test
  void killedBetweenCommitAndActionItIsDoneByTheNextStart() {
    Space space = Server.LOCAL.space();
    try (FaultProxy proxy = proxy(space);
        S3Client s3 = client(space)) {
      // Given an instance that is killed when it is about to delete an object
      Map<String, String> environment =
          Jar.with(through(proxy, space), "INGEST_AFTER_LOAD", "delete");
      CountDownLatch asked = new CountDownLatch(1);
      proxy.on(
          request -> {
            if (request.method().equals("DELETE")) {
              asked.countDown();
              await(EVER);
            }
            return false;
          },
          FaultProxy.Fault.refuse());
      space.put("visits/a.jsonl", data.visits(10));
      try (Jar jar = Jar.start(environment, "run")) {
        jar.awaitUntil(() -> asked.getCount() == 0);
        jar.kill();
      }
      assertThat(space.text("select state from ingest.object")).isEqualTo("loaded");
      assertThat(exists(s3, space, "visits/a.jsonl")).isTrue();
      assertThat(outbox(space)).isEqualTo(1);

      // When its lease is over
      proxy.heal();
      space.sql().sql("update ingest.outbox set next_at = clock_timestamp()").update();
      try (Jar jar = Jar.start(environment, "run")) {
        jar.awaitUntil(() -> outbox(space) == 0);
      }

      // Then
      assertThat(exists(s3, space, "visits/a.jsonl")).isFalse();
    }
  }

  @Test
  void stoppedItEndsWhatItIsAtAndLeavesTheRestToTheNextStart() {
    Space space = Server.LOCAL.space();
    try (FaultProxy proxy = proxy(space)) {
      // Given an S3 that takes long to delete objects
      Map<String, String> environment =
          Jar.with(through(proxy, space), "INGEST_AFTER_LOAD", "delete");
      CountDownLatch asked = new CountDownLatch(1);
      proxy.on(
          request -> {
            if (request.method().equals("DELETE")) {
              asked.countDown();
              await(SLOW);
            }
            return false;
          },
          FaultProxy.Fault.refuse());
      for (int i = 0; i < MANY; i++) {
        space.put("visits/%d.jsonl".formatted(i), data.visits(1));
      }

      // When
      try (Jar jar = Jar.start(environment, "run")) {
        jar.awaitUntil(() -> asked.getCount() == 0);
        jar.awaitUntil(() -> space.number(LOADED) == MANY);
        jar.terminate();
        assertThat(jar.await(Duration.ofSeconds(10)).succeeded().err())
            .doesNotContain("Blocked Thread");
      }

      // Then
      assertThat(outbox(space)).isPositive().isEqualTo(space.keys().size());
      assertThat(
              space.number(
                  "select count(*) from ingest.outbox where attempts = 0 and next_at > clock_timestamp()"))
          .isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    // what is done, on which server, and before which of its requests the object is overwritten
    "move, LOCAL, HEAD",
    "delete, LOCAL, HEAD",
    "tag, S3MOCK, HEAD",
    "delete, S3MOCK_VERSIONED, HEAD",
    "move, LOCAL, PUT",
    "move, S3MOCK_VERSIONED, PUT",
    "tag, S3MOCK, PUT",
    "tag, S3MOCK_VERSIONED, PUT",
    "move, S3MOCK, DELETE",
    "delete, S3MOCK, DELETE",
    "delete, S3MOCK_VERSIONED, DELETE"
  })
  void aVersionThatCameAfterTheLoadStays(String action, Server server, String method) {
    Space space = server.space();
    try (FaultProxy proxy = proxy(space);
        S3Client s3 = client(space);
        S3Client through = client(through(proxy, space))) {
      // Given an object that is overwritten when something is about to be done with it
      String later = data.visits(7);
      overwrite(space, "visits/a.jsonl", later, proxy, method);
      String content = data.visits(10);
      String etag = space.put("visits/a.jsonl", content.getBytes(StandardCharsets.UTF_8));
      DueAction due = due(space, action, "visits/a.jsonl", etag, content.length());

      // When
      new Actions(outboxOf(space), dataset -> through, 5 * MIB).carryOut(due);

      // Then
      assertThat(outbox(space)).isZero();
      assertThat(content(s3, space, "visits/a.jsonl"))
          .isEqualTo(later.getBytes(StandardCharsets.UTF_8));
      if (server.hasTags()) {
        assertThat(space.tags("visits/a.jsonl")).isEmpty();
      }
    }
  }

  @Test
  void aVersionThatCameAfterTheLoadIsLoaded() {
    Space space = Server.S3MOCK_VERSIONED.space();
    try (FaultProxy proxy = proxy(space);
        S3Client s3 = client(space)) {
      // Given an object that is overwritten when something is about to be done with it
      overwrite(space, "visits/a.jsonl", data.visits(7), proxy, "HEAD");
      space.put("visits/a.jsonl", data.visits(10));
      Jar.run(Jar.with(through(proxy, space), "INGEST_AFTER_LOAD", "delete"), "load", "visits")
          .succeeded();
      assertThat(outbox(space)).isZero();
      assertThat(exists(s3, space, "visits/a.jsonl")).isTrue();

      // When
      load(space, "delete").succeeded();

      // Then
      assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(7);
      assertThat(outbox(space)).isZero();
      assertThat(exists(s3, space, "visits/a.jsonl")).isFalse();
    }
  }

  @Test
  void anActionIsForgottenWhenALaterVersionIsLoaded() {
    Space space = Server.S3MOCK.space();
    try (FaultProxy proxy = proxy(space)) {
      // Given an object that S3 does not let us delete
      Map<String, String> environment =
          Jar.with(through(proxy, space), "INGEST_AFTER_LOAD", "delete");
      proxy.on(request -> request.method().equals("DELETE"), FaultProxy.Fault.answer(403));
      space.put("visits/a.jsonl", data.visits(10));
      Jar.run(environment, "load", "visits").succeeded();
      long first = space.number("select object_id from ingest.outbox");

      // When
      space.put("visits/a.jsonl", data.visits(7));
      Jar.run(environment, "load", "visits").succeeded();

      // Then
      assertThat(space.number("select object_id from ingest.outbox")).isGreaterThan(first);
    }
  }

  @Test
  void whatS3DeniesWaitsWithItsErrorAndLoadingGoesOn() throws IOException {
    Space space = Server.LOCAL.space();
    try (FaultProxy proxy = proxy(space)) {
      // Given
      Map<String, String> environment =
          Jar.with(through(proxy, space), "INGEST_AFTER_LOAD", "delete");
      proxy.on(request -> request.method().equals("DELETE"), FaultProxy.Fault.answer(403));
      space.put("visits/a.jsonl", data.visits(10));

      // When
      Jar.Result result = Jar.run(environment, "load", "visits").succeeded();
      String status = Jar.run(environment, "status").succeeded().out();
      JsonNode json =
          new ObjectMapper()
              .readTree(Jar.run(environment, "status", "--json").succeeded().out())
              .get("after_load")
              .get(0);

      // Then
      assertThat(result.out()).contains("1 objects loaded", "; 1 wait for ingest.after-load");
      assertThat(result.err())
          .contains("visits/a.jsonl: loaded, but not deleted, will be tried again")
          .contains("Status Code: 403");
      assertThat(status)
          .contains("visits: 1 loaded objects wait for ingest.after-load; last error: ")
          .contains("Status Code: 403");
      assertThat(json.get("waiting").asInt()).isEqualTo(1);
      assertThat(json.get("error").asText()).contains("Status Code: 403");

      // When
      try (Jar jar = Jar.start(environment, "run")) {
        space.put("visits/b.jsonl", data.visits(10));
        jar.awaitUntil(() -> outbox(space) == 2);
        assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(20);
        proxy.heal();
        space.sql().sql("update ingest.outbox set next_at = clock_timestamp()").update();

        // Then
        jar.awaitUntil(() -> outbox(space) == 0);
      }
      assertThat(space.keys()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void movesInPartsWhatIsTooLargeForOneRequest(Server server) {
    // Given
    Space space = server.space();
    DueAction move = largeObject(server, space);

    // When
    try (S3Client s3 = client(space)) {
      byte[] before = content(s3, space, "visits/large+ü.jsonl");
      new Actions(outboxOf(space), dataset -> s3, 5 * MIB).carryOut(move);

      // Then
      HeadObjectResponse copy = head(s3, space, "loaded/visits/large+ü.jsonl");
      assertThat(copy.contentType()).isEqualTo("application/jsonl");
      assertThat(copy.contentEncoding()).isEqualTo("identity");
      assertThat(copy.metadata()).containsEntry("origin", "device 7");
      assertThat(copy.eTag()).contains("-3");
      assertThat(content(s3, space, "loaded/visits/large+ü.jsonl")).isEqualTo(before);
      assertThat(exists(s3, space, "visits/large+ü.jsonl")).isFalse();
      assertThat(outbox(space)).isZero();
    }
    if (server.hasTags()) {
      assertThat(space.tags("loaded/visits/large+ü.jsonl"))
          .isEqualTo(Map.of("team", "field service", "a+b", "100/2"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCopyThatFailsInTheMiddleLeavesNothing(Server server) {
    Space space = server.space();
    DueAction move = largeObject(server, space);
    try (FaultProxy proxy = proxy(space);
        S3Client s3 = client(space);
        S3Client faulty = client(through(proxy, space))) {
      proxy.on(request -> request.query().contains("partNumber=2"), FaultProxy.Fault.answer(403));

      assertThatCode(() -> new Actions(outboxOf(space), dataset -> faulty, 5 * MIB).carryOut(move))
          .doesNotThrowAnyException();

      assertThat(proxy.faults()).isPositive();
      assertThat(exists(s3, space, "visits/large+ü.jsonl")).isTrue();
      assertThat(exists(s3, space, "loaded/visits/large+ü.jsonl")).isFalse();
      assertThat(s3.listMultipartUploads(r -> r.bucket(space.bucket())).uploads()).isEmpty();
      assertThat(space.text("select error from ingest.outbox")).contains("403");
    }
  }

  @ParameterizedTest
  @CsvSource({"visits/loaded/, visits", "network/, network"})
  void movingThemToWhereTheyWouldBeLoadedAgainIsRefused(String moveTo, String dataset) {
    Space space = Server.LOCAL.space();
    space.put("visits/a.jsonl", data.visits(10));

    Jar.Result result =
        Jar.run(
            Jar.with(
                Jar.with(space.environment(), "INGEST_AFTER_LOAD", "move"),
                "INGEST_MOVE_TO",
                moveTo),
            "load",
            "visits");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .contains("would be loaded again; change ingest.move-to")
        .contains("from where %s is loaded".formatted(dataset));
    assertThat(space.keys()).containsExactly("visits/a.jsonl");
  }

  @Test
  void aWrongWordInARouteIsExplained(@TempDir Path folder) throws IOException {
    Routes.copy(folder).replace("visits", "\"{{ingest.after-load}}\"", "erase");

    Jar.Result result = Jar.run(folder, Server.LOCAL.space().environment(), "load", "visits");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("'erase' is nothing", "keep, tag, move, delete");
  }

  private static Jar.Result load(Space space, String action) {
    return Jar.run(Jar.with(space.environment(), "INGEST_AFTER_LOAD", action), "load", "visits");
  }

  private static long outbox(Space space) {
    return space.number("select count(*) from ingest.outbox");
  }

  /** Keys that the server keeps, also with the prefix of those that are moved. */
  private static List<String> keys(Server server) {
    Predicate<String> fits =
        key -> ("loaded/" + key).getBytes(StandardCharsets.UTF_8).length <= 1024;
    return OddKey.on(server).stream().filter(fits).toList();
  }

  /** Overwrites an object when S3 is about to be asked something of it, once. */
  private static void overwrite(
      Space space, String key, String content, FaultProxy proxy, String method) {
    AtomicBoolean overwritten = new AtomicBoolean();
    proxy.on(
        request -> {
          if (request.method().equals(method)
              && request.path().endsWith(key.substring(key.lastIndexOf('/')))
              && !overwritten.getAndSet(true)) {
            space.put(key, content);
          }
          return false;
        },
        FaultProxy.Fault.refuse());
  }

  /** What the ledger has to be done with an object that it says is loaded. */
  private static DueAction due(Space space, String action, String key, String etag, long size) {
    space
        .sql()
        .sql(
            """
            with object as (
              insert into ingest.object (dataset, bucket, key, etag, size, state, loaded_at)
              values ('visits', ?, ?, ?, ?, 'loaded', now())
              returning id
            )
            insert into ingest.outbox (object_id, action, move_to)
            select id, ?, 'loaded/' from object
            """)
        .params(space.bucket(), key, etag, size, action)
        .update();
    Outbox outbox = outboxOf(space);
    return outbox.take("visits", outbox.now(), 1).get(0);
  }

  /** Makes an object of three parts of 5 MiB, the last a bit smaller, that is to be moved. */
  private static DueAction largeObject(Server server, Space space) {
    byte[] content = new byte[15 * MIB - 1];
    new Random(1).nextBytes(content);
    String key = "visits/large+ü.jsonl";
    try (S3Client s3 = client(space)) {
      String etag =
          s3.putObject(
                  r ->
                      r.bucket(space.bucket())
                          .key(key)
                          .contentType("application/jsonl")
                          .contentEncoding("identity")
                          .metadata(Map.of("origin", "device 7")),
                  RequestBody.fromBytes(content))
              .eTag();
      if (server.hasTags()) {
        space.tag(key, Map.of("team", "field service", "a+b", "100/2"));
      }
      return due(space, "move", key, etag.replace("\"", ""), content.length);
    }
  }

  private static Outbox outboxOf(Space space) {
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(space.environment().get("INGEST_DB_URL"));
    database.setUser(space.environment().get("INGEST_DB_USER"));
    database.setPassword(space.environment().get("INGEST_DB_PASSWORD"));
    return new Outbox(database, new Outages());
  }

  private static FaultProxy proxy(Space space) {
    return FaultProxy.to(URI.create(space.environment().get("AWS_ENDPOINT_URL_S3")));
  }

  private static Map<String, String> through(FaultProxy proxy, Space space) {
    return Jar.with(space.environment(), "AWS_ENDPOINT_URL_S3", proxy.endpoint().toString());
  }

  private static S3Client client(Space space) {
    return client(space.environment());
  }

  private static S3Client client(Map<String, String> environment) {
    return S3Client.builder()
        .endpointOverride(URI.create(environment.get("AWS_ENDPOINT_URL_S3")))
        .forcePathStyle(true)
        .region(Region.of(environment.get("AWS_REGION")))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(
                    environment.get("AWS_ACCESS_KEY_ID"),
                    environment.get("AWS_SECRET_ACCESS_KEY"))))
        .build();
  }

  private static HeadObjectResponse head(S3Client s3, Space space, String key) {
    return s3.headObject(r -> r.bucket(space.bucket()).key(key));
  }

  /** Asked for itself: not every server leaves what is deleted out of its listing. */
  private static boolean exists(S3Client s3, Space space, String key) {
    try {
      head(s3, space, key);
      return true;
    } catch (NoSuchKeyException e) {
      return false;
    }
  }

  private static byte[] content(S3Client s3, Space space, String key) {
    return s3.getObjectAsBytes(r -> r.bucket(space.bucket()).key(key)).asByteArray();
  }

  private static void await(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
