package io.github.camelingest.bench;

import io.github.camelingest.it.Space;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The files of all cases, made when the first one asks for them; those for the application wait in
 * a bucket of their own, so that their upload is a copy.
 */
final class Inputs {

  private static final int PARTS = 4;
  private static final int TINY = 10_000;
  private static final int TINY_LINES = 3;
  private static final long BIG_BYTES = 2L << 30;

  private final Path folder;
  private final long lines;
  private final Space store;
  private final S3Client s3;
  private final Map<String, Input> made = new HashMap<>();
  private final Map<String, List<String>> uploaded = new HashMap<>();

  /**
   * @param store whose bucket the files wait in
   */
  Inputs(Path folder, long lines, Space store) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.lines = lines;
    this.store = store;
    Map<String, String> environment = store.environment();
    s3 =
        S3Client.builder()
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

  /** The one that everybody loads. */
  Input plain() throws IOException {
    return get("plain");
  }

  Input get(String name) throws IOException {
    if (!made.containsKey(name)) {
      made.put(name, make(name));
    }
    return made.get(name);
  }

  private Input make(String name) throws IOException {
    Path file = folder.resolve(name);
    return switch (name) {
      case "plain" -> Input.plain(file, lines);
      case "gzip" -> Input.gzip(file, lines);
      case "zstd" -> Input.zstd(file, lines);
      case "dirty" -> Input.dirty(file, lines);
      case "wide" -> Input.wide(file, lines);
      case "big" -> Input.big(file, BIG_BYTES);
      case "parts" -> Input.parts(file, PARTS, lines);
      case "tiny" -> Input.parts(file, TINY, (long) TINY * TINY_LINES);
      default -> throw new IllegalArgumentException("no input " + name);
    };
  }

  /** Puts it into the bucket that the later copies come from; only the first time. */
  void upload(String name) throws IOException {
    if (uploaded.containsKey(name)) {
      return;
    }
    List<Path> files = get(name).files();
    for (Path file : files) {
      s3.putObject(request -> request.bucket(store.bucket()).key(key(file)), file);
    }
    uploaded.put(name, files.stream().map(this::key).toList());
    if (!name.equals("plain")) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  private String key(Path file) {
    return folder.relativize(file).toString();
  }

  /**
   * Copies an uploaded input into the bucket of the application, which hears of it.
   *
   * @param prefix before the keys of the copies
   * @return when the first copy was there
   */
  Instant copy(String name, Space to, String prefix) {
    Instant first = null;
    for (String key : uploaded.get(name)) {
      s3.copyObject(
          request ->
              request
                  .sourceBucket(store.bucket())
                  .sourceKey(key)
                  .destinationBucket(to.bucket())
                  .destinationKey(prefix + key));
      first = first == null ? Instant.now() : first;
    }
    return first;
  }

  /** Empties a bucket. */
  void clear(Space space) {
    s3.listObjectsV2Paginator(request -> request.bucket(space.bucket())).contents().stream()
        .toList()
        .forEach(object -> s3.deleteObject(r -> r.bucket(space.bucket()).key(object.key())));
  }
}
