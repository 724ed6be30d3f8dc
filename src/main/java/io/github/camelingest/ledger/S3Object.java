package io.github.camelingest.ledger;

/**
 * One version of an S3 object, as a notification or a listing names it.
 *
 * @param dataset the kind of input it belongs to
 * @param versionId empty where the bucket keeps no versions or the source does not say
 * @param etag without quotes
 * @param size bytes as stored
 */
public record S3Object(
    String dataset, String bucket, String key, String versionId, String etag, long size) {

  /** Where people look for it, for messages. */
  public String location() {
    return "s3://" + bucket + "/" + key;
  }

  /** What tells one content of a key from another, whether or not the source names versions. */
  public String identity() {
    return bucket + '/' + key + '#' + etag;
  }
}
