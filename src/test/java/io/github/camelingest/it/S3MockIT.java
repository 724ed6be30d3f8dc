package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelingest.local.SampleData;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Both S3 servers of the tests, side by side: the main job on each, and what they do not share. */
@Execution(ExecutionMode.CONCURRENT)
class S3MockIT {

  /** The least that S3 takes as a part that is not the last. */
  private static final int PART_BYTES = 5 << 20;

  @ParameterizedTest
  @EnumSource
  void loadsObjectsHoweverTheyWereWritten(Server server) {
    // Given
    Space space = server.space();
    SampleData data = new SampleData(1);
    space.put("visits/a.jsonl", data.visits(100));
    space.copy("visits/a.jsonl", "visits/copy of a+b.jsonl");
    int inParts = multipart(space, "visits/parts.jsonl", data);

    // When
    Jar.Result result = Jar.run(space.environment(), "load", "visits", "--wait").succeeded();

    // Then
    assertThat(result.out()).contains("visits: 3 objects loaded");
    assertThat(loaded(space))
        .containsExactly(
            "visits/a.jsonl 100", "visits/copy of a+b.jsonl 100", "visits/parts.jsonl " + inParts);
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(100L + inParts);
  }

  @ParameterizedTest
  @EnumSource
  void loadsWhatTheQueueTellsOf(Server server) {
    // Given an object whose event is lost: once it is loaded, the bucket is listed for this hour
    Space space = server.space();
    SampleData data = new SampleData(1);
    space.put("visits/listed.jsonl", data.visits(100));
    space.purge();
    try (Jar jar = Jar.start(space.environment(), "run")) {
      jar.awaitUntil(() -> loaded(space).size() == 1);

      // When
      space.put("visits/put.jsonl", data.visits(100));
      space.put("visits/put.jsonl.gz", SampleData.gzip(data.visits(100)), "gzip");
      space.copy("visits/listed.jsonl", "visits/copy.jsonl");
      multipart(space, "visits/parts.jsonl", data);

      // Then
      jar.awaitUntil(() -> loaded(space).size() == 5 && space.messages() == 0);
    }
    assertThat(space.rows("select key, version_id from ingest.object"))
        .allSatisfy(
            object ->
                assertThat(object.get("version_id"))
                    .isEqualTo(
                        object.get("key").equals("visits/listed.jsonl")
                            ? ""
                            : space.versionOf((String) object.get("key"))));
  }

  @ParameterizedTest
  @EnumSource
  void aLaterVersionTakesThePlaceOfTheEarlierWhetherListedOrToldOf(Server server) {
    // Given a version that is loaded
    Space space = server.space();
    SampleData data = new SampleData(1);
    space.put("visits/a.jsonl", data.visits(100));
    Jar.run(space.environment(), "load", "visits").succeeded();

    // When one more is listed, and another is told of
    space.put("visits/a.jsonl", data.visits(40));
    Jar.run(space.environment(), "load", "visits").succeeded();
    long listed = space.number("select count(*) from fsm.visit");
    try (Jar jar = Jar.start(space.environment(), "run")) {
      jar.awaitUntil(() -> space.messages() == 0);
      space.put("visits/a.jsonl", data.visits(7));
      jar.awaitUntil(() -> loaded(space).equals(List.of("visits/a.jsonl 7")));
      jar.awaitUntil(() -> space.messages() == 0);
    }

    // Then
    assertThat(listed).isEqualTo(40);
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(7);
    assertThat(space.number("select count(*) from fsm.visit_corrected")).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void loadsKeysOfAnySpellingOnceWhetherToldOfOrListed(Server server) {
    // Given
    Space space = server.space();
    SampleData data = new SampleData(1);
    List<String> keys = OddKey.on(server);

    // When
    try (Jar jar = Jar.start(space.environment(), "run")) {
      jar.awaitReady();
      keys.forEach(key -> space.put(key, data.visits(10)));
      jar.awaitUntil(() -> loaded(space).size() == keys.size() && space.messages() == 0);
    }
    Jar.Result listed = Jar.run(space.environment(), "load", "visits", "--wait").succeeded();

    // Then
    assertThat(listed.out()).contains("visits: 0 objects loaded");
    assertThat(loaded(space))
        .containsExactlyInAnyOrderElementsOf(keys.stream().map(key -> key + " 10").toList());
    assertThat(space.number("select count(*) from fsm.visit")).isEqualTo(10L * keys.size());
  }

  @ParameterizedTest
  @EnumSource
  void aServerKeepsTheKeysThatItIsSaidToKeep(Server server) {
    Space space = server.space();

    for (OddKey odd : OddKey.values()) {
      try {
        space.put(odd.key(), "{}");
      } catch (S3Exception e) {
        assertThat(OddKey.on(server)).as(e.getMessage()).doesNotContain(odd.key());
      }
    }

    assertThat(
            Arrays.stream(OddKey.values()).map(OddKey::key).filter(space.keys()::contains).toList())
        .isEqualTo(OddKey.on(server));
  }

  @ParameterizedTest
  @EnumSource
  void aVersionedBucketNamesEachVersion(Server server) {
    Space space = server.space();

    List<String> versions = new ArrayList<>();
    for (String content : List.of("1", "2", "2")) {
      space.put("visits/a.jsonl", content);
      versions.add(space.versionOf("visits/a.jsonl"));
    }

    assertThat(versions.stream().filter(version -> !version.isEmpty()).distinct())
        .hasSize(server.hasVersions() ? 3 : 0);
  }

  @ParameterizedTest
  @EnumSource(names = "LOCAL", mode = EnumSource.Mode.EXCLUDE)
  void s3MockKeepsTags(Server server) {
    Space space = server.space();
    space.put("visits/a.jsonl", "1");
    assertThat(space.tags("visits/a.jsonl")).isEmpty();
    String version = space.versionOf("visits/a.jsonl");

    space.tag("visits/a.jsonl", Map.of("team", "field service", "a+b", "100/2"));
    space.copy("visits/a.jsonl", "visits/b.jsonl");

    assertThat(space.tags("visits/a.jsonl"))
        .isEqualTo(space.tags("visits/b.jsonl"))
        .isEqualTo(Map.of("team", "field service", "a+b", "100/2"));
    assertThat(space.versionOf("visits/a.jsonl")).isEqualTo(version);
  }

  @Test
  void s3ProxyKeepsNoTags() {
    Space space = Server.LOCAL.space();
    space.put("visits/a.jsonl", "1");

    assertThat(Server.LOCAL.hasTags()).isFalse();
    assertThatThrownBy(() -> space.tags("visits/a.jsonl"))
        .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(501));
  }

  /** Writes visits in two parts, and says how many. */
  private static int multipart(Space space, String key, SampleData data) {
    List<String> visits = new ArrayList<>();
    for (int bytes = 0; bytes < PART_BYTES; bytes += visits.get(visits.size() - 1).length()) {
      visits.add(data.visit());
    }
    byte[] first =
        visits.stream().collect(Collectors.joining("\n")).getBytes(StandardCharsets.UTF_8);
    byte[] last = ("\n" + data.visit() + "\n").getBytes(StandardCharsets.UTF_8);
    space.multipart(key, List.of(first, last));
    return visits.size() + 1;
  }

  /** Key and rows of every object that is loaded, in order. */
  private static List<String> loaded(Space space) {
    return space
        .sql()
        .sql(
            "select key || ' ' || rows from ingest.object where state = 'loaded' order by key collate \"C\"")
        .query(String.class)
        .list();
  }
}
