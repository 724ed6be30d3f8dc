package io.github.camelingest.afterload;

import static io.github.camelingest.afterload.ChangedException.unlessChanged;

import io.github.camelingest.ledger.S3Object;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyPartResult;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * The copy of an object that S3 does not copy in one request: with its metadata, without its tags.
 *
 * @param source what S3 says of the object
 */
record CopyInParts(S3Client s3, S3Object object, HeadObjectResponse source, String destination) {

  private static final Logger LOG = LoggerFactory.getLogger(CopyInParts.class);

  /**
   * Copies it.
   *
   * @param partBytes S3 takes parts of 5 MiB to 5 GiB, the last may be smaller, and 10,000 of them
   * @return the etag of the copy
   * @throws ChangedException if the object is overwritten before all of it is copied; nothing stays
   */
  String run(long partBytes) {
    String upload = begin();
    try {
      List<CompletedPart> parts = new ArrayList<>();
      for (long from = 0; from < source.contentLength(); from += partBytes) {
        long to = Math.min(from + partBytes, source.contentLength());
        parts.add(copy(upload, parts.size() + 1, from, to));
      }
      return s3.completeMultipartUpload(
              r ->
                  r.bucket(object.bucket())
                      .key(destination)
                      .uploadId(upload)
                      .multipartUpload(all -> all.parts(parts)))
          .eTag();
    } catch (RuntimeException e) {
      abort(upload);
      throw e;
    }
  }

  private String begin() {
    return s3.createMultipartUpload(
            r ->
                r.bucket(object.bucket())
                    .key(destination)
                    .metadata(source.metadata())
                    .contentType(source.contentType())
                    .contentEncoding(source.contentEncoding())
                    .contentLanguage(source.contentLanguage())
                    .contentDisposition(source.contentDisposition())
                    .cacheControl(source.cacheControl())
                    .storageClass(source.storageClassAsString()))
        .uploadId();
  }

  private CompletedPart copy(String upload, int number, long from, long to) {
    CopyPartResult part =
        unlessChanged(
                () ->
                    s3.uploadPartCopy(
                        r ->
                            r.sourceBucket(object.bucket())
                                .sourceKey(object.key())
                                .copySourceIfMatch(source.eTag())
                                .copySourceRange("bytes=%d-%d".formatted(from, to - 1))
                                .destinationBucket(object.bucket())
                                .destinationKey(destination)
                                .uploadId(upload)
                                .partNumber(number)))
            .copyPartResult();
    // An upload with checksums wants to hear them again, whichever they are.
    return CompletedPart.builder()
        .partNumber(number)
        .eTag(part.eTag())
        .checksumCRC32(part.checksumCRC32())
        .checksumCRC32C(part.checksumCRC32C())
        .checksumCRC64NVME(part.checksumCRC64NVME())
        .checksumSHA1(part.checksumSHA1())
        .checksumSHA256(part.checksumSHA256())
        .build();
  }

  /** Else the parts would stay, and be paid for. */
  private void abort(String upload) {
    try {
      s3.abortMultipartUpload(r -> r.bucket(object.bucket()).key(destination).uploadId(upload));
    } catch (SdkException e) {
      LOG.warn(
          "{}: the parts of its copy to {} are not removed: {}",
          object.location(),
          destination,
          e.getMessage());
    }
  }
}
