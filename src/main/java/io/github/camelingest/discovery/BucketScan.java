package io.github.camelingest.discovery;

import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.ledger.S3Object;
import java.util.Iterator;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/** Lists the bucket and compares it with the ledger. Thread-safe. */
public final class BucketScan {

  private final S3Client s3;
  private final Backlog backlog;
  private final String bucket;

  public BucketScan(S3Client s3, Backlog backlog, String bucket) {
    this.s3 = s3;
    this.backlog = backlog;
    this.bucket = bucket;
  }

  /**
   * The objects of a dataset that the ledger has neither as loaded nor as failed. Lists page by
   * page, as they are taken.
   */
  public Iterator<S3Object> missing(String dataset) {
    return s3.listObjectsV2Paginator(page -> page.bucket(bucket).prefix(dataset + "/")).stream()
        .flatMap(page -> backlog.missing(objects(dataset, page)).stream())
        .iterator();
  }

  private List<S3Object> objects(String dataset, ListObjectsV2Response page) {
    return page.contents().stream()
        .filter(o -> !o.key().endsWith("/"))
        .map(o -> new S3Object(dataset, bucket, o.key(), "", o.eTag().replace("\"", ""), o.size()))
        .toList();
  }
}
