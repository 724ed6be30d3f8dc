package io.github.camelingest.discovery;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What happened to an object in S3, as an event tells it.
 *
 * @param bucket empty where the event names none, as for the key
 * @param key as S3 has it, not URL-encoded
 * @param versionId empty where the bucket keeps no versions
 * @param etag without quotes
 * @param size bytes as stored; 0 where the event does not say
 * @param time when it happened; null where the event does not say
 */
record S3Event(
    What what, String bucket, String key, String versionId, String etag, long size, Instant time) {

  enum What {
    /** It was written: put, posted, copied, or completed from its parts. */
    CREATED,

    /** It was in an archive and can be fetched now. */
    RESTORED,

    /** Something after which there is nothing to load, such as its removal. */
    OTHER
  }

  /**
   * Limits of S3 (User Guide, "Naming objects" and "General purpose bucket naming rules"; up to 255
   * for the oldest buckets). Ids of versions have up to 1,024 bytes, too.
   */
  private static final int LONGEST_KEY_BYTES = 1_024;

  private static final int LONGEST_VERSION_BYTES = 1_024;
  private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9._-]{1,255}");

  /** It goes into a header of a request: visible, and no quotes. */
  private static final Pattern ETAG = Pattern.compile("[!#-~]{1,255}");

  /** Why nobody can fetch the object that was created or restored, if nobody can. */
  Optional<String> flaw() {
    if (what == What.OTHER) {
      return Optional.empty();
    }
    if (bucket.isEmpty() || key.isEmpty() || etag.isEmpty()) {
      return Optional.of("an S3 event notification that does not say which object was created");
    }
    boolean possible =
        BUCKET.matcher(bucket).matches()
            && ETAG.matcher(etag).matches()
            && isText(key, LONGEST_KEY_BYTES)
            && isText(versionId, LONGEST_VERSION_BYTES)
            && size >= 0;
    return possible
        ? Optional.empty()
        : Optional.of("an S3 event notification of an object that S3 cannot have");
  }

  /** Whether S3 may have it and PostgreSQL can hold it, which has no U+0000. */
  private static boolean isText(String text, int mostBytes) {
    return text.indexOf('\0') < 0
        && StandardCharsets.UTF_8.newEncoder().canEncode(text)
        && text.getBytes(StandardCharsets.UTF_8).length <= mostBytes;
  }
}
