package io.github.camelingest.discovery;

import static org.springframework.core.NestedExceptionUtils.getMostSpecificCause;

import io.github.camelingest.ledger.Backlog;
import io.github.camelingest.ledger.ListedPage;
import io.github.camelingest.ledger.Reconciliation;
import io.github.camelingest.ledger.S3Object;
import io.github.camelingest.ledger.Sighting;
import io.github.camelingest.load.ObjectsEndpoint;
import io.github.camelingest.load.S3Prefix;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectStorageClass;
import software.amazon.awssdk.services.s3.model.OptionalObjectAttributes;

/**
 * Lists buckets and compares them with the ledger, page by page: what is not there, or has changed,
 * is entered as to be loaded. Holds one page, however large the bucket. Thread-safe.
 */
public final class BucketScan {

  /**
   * Storage classes from which an object may have to be restored before it can be fetched; a
   * listing does not say in which tier of the last one it is.
   */
  private static final Set<ObjectStorageClass> ARCHIVES =
      EnumSet.of(
          ObjectStorageClass.GLACIER,
          ObjectStorageClass.DEEP_ARCHIVE,
          ObjectStorageClass.INTELLIGENT_TIERING);

  private final Datasets datasets;
  private final Backlog backlog;
  private final Duration retention;

  /**
   * @param retention entries of objects that are gone for longer are removed
   */
  public BucketScan(Datasets datasets, Backlog backlog, Duration retention) {
    this.datasets = datasets;
    this.backlog = backlog;
    this.retention = retention;
  }

  /**
   * Compares all places of a dataset with the ledger, and wakes its route for what it finds.
   *
   * @return how many objects are to be loaded now that were not before
   * @throws IllegalStateException if S3 does not list a place; the ledger tells, too
   */
  public long compare(String dataset) {
    ObjectsEndpoint route = datasets.all().get(dataset);
    long found = 0;
    for (S3Prefix place : route.source()) {
      found += compare(route, place, true);
    }
    return found;
  }

  /**
   * Compares what a dataset has under a prefix with the ledger, and wakes its route for what it
   * finds. The ledger does not note that, and forgets nothing.
   *
   * @param prefix of keys
   * @return how many objects are to be loaded now that were not before
   * @throws IllegalArgumentException if the dataset has no place there
   * @throws IllegalStateException if S3 does not list a place
   */
  public long compareUnder(String dataset, String prefix) {
    ObjectsEndpoint route = datasets.all().get(dataset);
    List<S3Prefix> places =
        route.source().stream().flatMap(place -> place.under(prefix).stream()).toList();
    if (places.isEmpty()) {
      throw new IllegalArgumentException(
          "no key of %s begins with '%s': its objects come from %s"
              .formatted(
                  dataset,
                  prefix,
                  route.source().stream()
                      .map(S3Prefix::toString)
                      .collect(Collectors.joining(", "))));
    }
    long found = 0;
    for (S3Prefix place : places) {
      found += compare(route, place, false);
    }
    return found;
  }

  /**
   * @param whole whether all of the dataset's place is compared, which the ledger notes
   */
  private long compare(ObjectsEndpoint route, S3Prefix place, boolean whole) {
    Reconciliation comparison =
        Reconciliation.begun(route.getDataset(), place.bucket(), place.prefix());
    try {
      String after = "";
      for (ListObjectsV2Response page :
          route
              .s3()
              .listObjectsV2Paginator(
                  request ->
                      request
                          .bucket(place.bucket())
                          .prefix(place.prefix())
                          // Keys may have characters that XML cannot hold.
                          .encodingType(EncodingType.URL)
                          .optionalObjectAttributes(OptionalObjectAttributes.RESTORE_STATUS))) {
        if (page.contents().isEmpty() && page.isTruncated()) {
          // A page may be short of what there is, and of everything.
          comparison = comparison.with(0, 0);
          continue;
        }
        Optional<String> upTo =
            page.isTruncated()
                ? Optional.of(page.contents().get(page.contents().size() - 1).key())
                : Optional.empty();
        ListedPage listed =
            new ListedPage(
                route.getDataset(),
                place.bucket(),
                place.prefix(),
                after,
                upTo,
                sightings(route, place, page));
        int found = backlog.compare(listed);
        comparison = comparison.with(page.contents().size(), found);
        if (found > 0) {
          route.wake();
        }
        after = upTo.orElse("");
      }
      if (whole) {
        comparison = comparison.pruned(backlog.prune(comparison, retention));
        backlog.end(comparison);
      }
      return comparison.found();
    } catch (RuntimeException e) {
      String why = String.valueOf(getMostSpecificCause(e).getMessage());
      if (whole) {
        backlog.end(comparison.failed(why));
      }
      throw new IllegalStateException(
          "%s cannot be compared with the ledger: %s".formatted(place, why), e);
    }
  }

  private List<Sighting> sightings(
      ObjectsEndpoint route, S3Prefix place, ListObjectsV2Response page) {
    return page.contents().stream()
        // Another dataset may have a place within this one.
        .filter(o -> datasets.of(place.bucket(), o.key()).filter(route::equals).isPresent())
        .map(
            o ->
                new Sighting(
                    new S3Object(
                        route.getDataset(),
                        place.bucket(),
                        o.key(),
                        "",
                        o.eTag().replace("\"", ""),
                        o.size()),
                    o.lastModified(),
                    !isArchived(o)))
        .toList();
  }

  private static boolean isArchived(software.amazon.awssdk.services.s3.model.S3Object o) {
    boolean restored = o.restoreStatus() != null && o.restoreStatus().restoreExpiryDate() != null;
    return ARCHIVES.contains(o.storageClass()) && !restored;
  }
}
