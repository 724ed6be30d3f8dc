package io.github.camelingest.load;

import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.ledger.S3Object;
import io.github.camelingest.ledger.Sighting;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What S3 has now under the key of an object that is loaded. Thread-safe. */
public final class CurrentVersion {

  private final Backlog backlog;

  public CurrentVersion(Backlog backlog) {
    this.backlog = backlog;
  }

  /**
   * What S3 says of the object.
   *
   * @throws S3Exception with status 412 if other content is there now, with 404 if nothing is
   */
  HeadObjectResponse same(Load load) {
    S3Object object = load.claim().object();
    return load.s3().headObject(head(object).ifMatch(quoted(object.etag())).build());
  }

  /** Enters what is there now, unless it is known already. */
  void enter(Load load) {
    S3Object object = load.claim().object();
    try {
      HeadObjectResponse now = load.s3().headObject(head(object).build());
      S3Object there =
          new S3Object(
              object.dataset(),
              object.bucket(),
              object.key(),
              Optional.ofNullable(now.versionId()).orElse(""),
              now.eTag().replace("\"", ""),
              now.contentLength());
      backlog.enter(List.of(new Sighting(there, now.lastModified(), true)));
    } catch (NoSuchKeyException e) {
      // Nothing is there to enter.
    }
  }

  private static HeadObjectRequest.Builder head(S3Object object) {
    return HeadObjectRequest.builder().bucket(object.bucket()).key(object.key());
  }

  static String quoted(String etag) {
    return '"' + etag + '"';
  }
}
