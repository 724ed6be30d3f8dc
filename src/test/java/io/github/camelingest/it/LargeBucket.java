package io.github.camelingest.it;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * What S3 has in a bucket of very many objects, all of visits: it lists them without having them,
 * in the order of their keys. Immutable and thread-safe.
 */
public final class LargeBucket extends ForwardingBlobStore {

  /** As many as Amazon lists in a page. */
  private static final int PAGE = 1_000;

  private static final Instant MODIFIED = Instant.parse("2026-01-02T03:04:05Z");

  private final int objects;

  public LargeBucket(BlobStore delegate, int objects) {
    super(delegate);
    this.objects = objects;
  }

  /**
   * SQL that enters its objects into the ledger as loaded.
   *
   * @param which a condition on {@code n}, their number from 0
   */
  public static String enter(String bucket, int objects, String which) {
    return """
        insert into ingest.object (dataset, bucket, key, etag, size, last_modified, state, lines, loaded_at)
        select 'visits', '%s', 'visits/' || lpad(n::text, 9, '0') || '.jsonl', lpad(to_hex(n), 32, '0'), 100,
          '2026-01-02 03:04:05Z', 'loaded', 0, now()
        from generate_series(0, %d - 1) as n
        where %s
        """
        .formatted(bucket, objects, which);
  }

  /**
   * @param number from 0
   */
  public static String key(int number) {
    return "visits/%09d.jsonl".formatted(number);
  }

  @Override
  public ListObjectsV2Response list(ListObjectsV2Request request) {
    if (!"visits/".equals(request.prefix())) {
      return super.list(request);
    }
    String after =
        request.continuationToken() == null ? request.startAfter() : request.continuationToken();
    int from = after == null || after.isEmpty() ? 0 : number(after) + 1;
    int to = Math.min(objects, from + PAGE);
    List<S3Object> page = new ArrayList<>();
    for (int number = from; number < to; number++) {
      page.add(
          S3Object.builder()
              .key(key(number))
              .eTag("\"%032x\"".formatted(number))
              .size(100L)
              .lastModified(MODIFIED)
              .build());
    }
    return ListObjectsV2Response.builder()
        .name(request.bucket())
        .prefix(request.prefix())
        .contents(page)
        .keyCount(page.size())
        .maxKeys(PAGE)
        .isTruncated(to < objects)
        .nextContinuationToken(to < objects ? key(to - 1) : null)
        .build();
  }

  private static int number(String key) {
    return Integer.parseInt(key.replaceAll("\\D", ""));
  }
}
