package io.github.camelingest.local;

import java.io.InputStream;
import java.util.function.BiConsumer;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** Tells of every object after it is written, as S3 does. Thread-safe. */
final class NotifyingBlobStore extends ForwardingBlobStore {

  private final BiConsumer<String, String> listener;

  /**
   * @param listener takes a bucket and an event's JSON
   */
  NotifyingBlobStore(BlobStore delegate, BiConsumer<String, String> listener) {
    super(delegate);
    this.listener = listener;
  }

  /** As S3 does, only what is written: of a file that still comes in, the store has no etag. */
  @Override
  public ListObjectsV2Response list(ListObjectsV2Request request) {
    ListObjectsV2Response all = super.list(request);
    return all.toBuilder()
        .contents(all.contents().stream().filter(object -> object.eTag() != null).toList())
        .build();
  }

  /** As S3 does, never the content of one version with the etag of another. */
  @Override
  public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
    ResponseInputStream<GetObjectResponse> blob = super.getBlob(request);
    // The store reads the etag first and opens the file then; it may be overwritten in between.
    while (blob != null && isOverwritten(request, blob.response())) {
      blob.abort();
      blob = super.getBlob(request);
    }
    return blob;
  }

  private boolean isOverwritten(GetObjectRequest request, GetObjectResponse response) {
    HeadObjectResponse now = blobMetadata(request.bucket(), request.key());
    return now != null && !response.eTag().equals(now.eTag());
  }

  @Override
  public PutObjectResponse putBlob(PutObjectRequest request, InputStream payload) {
    PutObjectResponse response = super.putBlob(request, payload);
    tell("Put", request.bucket(), request.key());
    return response;
  }

  @Override
  public CopyObjectResponse copyBlob(CopyObjectRequest request) {
    CopyObjectResponse response = super.copyBlob(request);
    tell("Copy", request.destinationBucket(), request.destinationKey());
    return response;
  }

  @Override
  public CompleteMultipartUploadResponse completeMultipartUpload(
      MultipartUpload upload, CompleteMultipartUploadRequest request) {
    CompleteMultipartUploadResponse response = super.completeMultipartUpload(upload, request);
    tell("CompleteMultipartUpload", upload.containerName(), upload.blobName());
    return response;
  }

  private void tell(String how, String bucket, String key) {
    HeadObjectResponse written = blobMetadata(bucket, key);
    listener.accept(
        bucket, S3EventJson.created(how, bucket, key, written.eTag(), written.contentLength()));
  }
}
