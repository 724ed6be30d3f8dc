package io.github.camelingest.afterload;

import static io.github.camelingest.afterload.ChangedException.unlessChanged;

import io.github.camelingest.ledger.S3Object;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;

/**
 * A loaded object in S3, and what can be done with it: to the content that was loaded, or not at
 * all, which a {@link ChangedException} says. Whatever was done may be done again.
 *
 * <p>Where the same content was written again, that is the object: the ledger does not load it
 * another time.
 */
final class LoadedObject {

  private static final Tag LOADED = Tag.builder().key("ingest-state").value("loaded").build();

  private static final int NOT_IMPLEMENTED = 501;

  /** What S3 calls the version of an object that is overwritten in place. */
  private static final String NO_VERSION = "null";

  private final S3Client s3;
  private final S3Object object;

  LoadedObject(S3Client s3, S3Object object) {
    this.s3 = s3;
    this.object = object;
  }

  /** Tags it as loaded; other tags stay. */
  void tag() {
    Optional<String> version = version(current());
    List<Tag> tags = tags(version);
    if (tags.contains(LOADED)) {
      return;
    }
    setTags(version, Stream.concat(others(tags), Stream.of(LOADED)).toList());
    if (version.isEmpty()) {
      takeBackIfOverwritten();
    }
  }

  /** S3 has no condition for tags: without versions, they go to whatever the key has now. */
  private void takeBackIfOverwritten() {
    try {
      current();
    } catch (ChangedException e) {
      removeTag();
      throw e;
    }
  }

  private void removeTag() {
    List<Tag> others = others(tags(Optional.empty())).toList();
    if (others.isEmpty()) {
      s3.deleteObjectTagging(r -> r.bucket(object.bucket()).key(object.key()));
    } else {
      setTags(Optional.empty(), others);
    }
  }

  private static Stream<Tag> others(List<Tag> tags) {
    return tags.stream().filter(tag -> !tag.key().equals(LOADED.key()));
  }

  private List<Tag> tags(Optional<String> version) {
    return unlessChanged(
            () ->
                s3.getObjectTagging(
                    r ->
                        r.bucket(object.bucket())
                            .key(object.key())
                            .versionId(version.orElse(null))))
        .tagSet();
  }

  private void setTags(Optional<String> version, List<Tag> tags) {
    unlessChanged(
        () ->
            s3.putObjectTagging(
                r ->
                    r.bucket(object.bucket())
                        .key(object.key())
                        .versionId(version.orElse(null))
                        .tagging(t -> t.tagSet(tags))));
  }

  /**
   * Copies it to another key of its bucket, with its metadata and tags, then deletes it.
   *
   * @param atOnce bytes that S3 may be asked to copy in one request; a larger object is copied in
   *     parts of so many
   */
  void move(String destination, long atOnce) {
    HeadObjectResponse source = current();
    String etag =
        source.contentLength() <= atOnce
            ? copy(destination, source)
            : copyInParts(destination, source, atOnce);
    check(destination, etag, source.contentLength());
    delete();
  }

  private String copy(String destination, HeadObjectResponse source) {
    return unlessChanged(
            () ->
                s3.copyObject(
                    r ->
                        r.sourceBucket(object.bucket())
                            .sourceKey(object.key())
                            .copySourceIfMatch(source.eTag())
                            .destinationBucket(object.bucket())
                            .destinationKey(destination)
                            .storageClass(source.storageClassAsString())))
        .copyObjectResult()
        .eTag();
  }

  private String copyInParts(String destination, HeadObjectResponse source, long partBytes) {
    List<Tag> tags = tagsIfThereCanBeSome();
    String etag = new CopyInParts(s3, object, source, destination).run(partBytes);
    if (!tags.isEmpty()) {
      s3.putObjectTagging(
          r -> r.bucket(object.bucket()).key(destination).tagging(t -> t.tagSet(tags)));
    }
    return etag;
  }

  private List<Tag> tagsIfThereCanBeSome() {
    try {
      return tags(Optional.empty());
    } catch (S3Exception e) {
      if (e.statusCode() == NOT_IMPLEMENTED) {
        return List.of();
      }
      throw e;
    }
  }

  /** Before the original goes, the copy must be there. Its etag is its own if it is encrypted. */
  private void check(String destination, String etag, long size) {
    HeadObjectResponse copy = s3.headObject(r -> r.bucket(object.bucket()).key(destination));
    if (!copy.eTag().equals(etag) || copy.contentLength() != size) {
      throw new IllegalStateException(
          "s3://%s/%s is not the copy that was made there; somebody else may have written it"
              .formatted(object.bucket(), destination));
    }
  }

  /** Deletes it; where versions are kept, it stays behind a delete marker. */
  void delete() {
    // Not every server knows the condition of the next request.
    String etag = current().eTag();
    // With the id of the version, the version before it would come back.
    unlessChanged(
        () -> s3.deleteObject(r -> r.bucket(object.bucket()).key(object.key()).ifMatch(etag)));
  }

  /** What S3 says of the object. */
  private HeadObjectResponse current() {
    return unlessChanged(
        () ->
            s3.headObject(
                r ->
                    r.bucket(object.bucket())
                        .key(object.key())
                        .ifMatch('"' + object.etag() + '"')));
  }

  /** The id of a version that stays when the object is overwritten. */
  private static Optional<String> version(HeadObjectResponse current) {
    return Optional.ofNullable(current.versionId()).filter(id -> !id.equals(NO_VERSION));
  }
}
