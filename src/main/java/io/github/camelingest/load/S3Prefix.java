package io.github.camelingest.load;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where objects of a dataset are: all keys of a bucket that begin so. Immutable.
 *
 * @param prefix may be empty: the whole bucket
 */
public record S3Prefix(String bucket, String prefix) {

  private static final Pattern LOCATION = Pattern.compile("s3://([^/]+)/(.*)");

  /**
   * @param locations such as {@code s3://bucket/visits/}, separated by commas
   * @throws IllegalArgumentException if one is nothing of the kind
   */
  static List<S3Prefix> parse(String locations) {
    return Arrays.stream(locations.split(",", -1)).map(String::strip).map(S3Prefix::one).toList();
  }

  private static S3Prefix one(String location) {
    if (location.startsWith("s3:///")) {
      throw new IllegalArgumentException(
          "no bucket is set for source '%s'; set INGEST_BUCKET, or ingest.bucket in application.properties, to the bucket with the files"
              .formatted(location));
    }
    Matcher parts = LOCATION.matcher(location);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "source '%s' is no place in S3; write one such as s3://my-bucket/visits/, or several with commas"
              .formatted(location));
    }
    return new S3Prefix(parts.group(1), parts.group(2));
  }

  /** Whether an object is there; folder markers, whose keys end with a slash, are no objects. */
  public boolean holds(String itsBucket, String key) {
    return bucket.equals(itsBucket) && key.startsWith(prefix) && !key.endsWith("/");
  }

  /** The part of it whose keys begin so; nothing where none can. */
  public Optional<S3Prefix> under(String keys) {
    if (prefix.startsWith(keys)) {
      return Optional.of(this);
    }
    return keys.startsWith(prefix) ? Optional.of(new S3Prefix(bucket, keys)) : Optional.empty();
  }

  /** Whether one of the two places is within the other. */
  boolean meets(S3Prefix other) {
    return bucket.equals(other.bucket)
        && (prefix.startsWith(other.prefix) || other.prefix.startsWith(prefix));
  }

  @Override
  public String toString() {
    return "s3://" + bucket + "/" + prefix;
  }
}
