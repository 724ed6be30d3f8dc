package io.github.camelingest.doctor;

import static io.github.camelingest.doctor.Permission.SOON;

import io.github.camelingest.ledger.AfterLoad;
import io.github.camelingest.load.ObjectsEndpoint;
import io.github.camelingest.load.S3Prefix;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.Tag;

/**
 * Whether the objects of a dataset can be listed and fetched, and whether that can be done with
 * them which is wanted after their load. That is asked about a key that nobody has.
 */
final class PlacesProbe implements Probe {

  private static final Tag LOADED = Tag.builder().key("ingest-state").value("loaded").build();

  private static final int RANGE_NOT_SATISFIABLE = 416;

  private final ObjectsEndpoint dataset;
  private final String name;
  private final S3Client s3;
  private volatile Finding clock;

  PlacesProbe(ObjectsEndpoint dataset) {
    this.dataset = dataset;
    this.name = dataset.getDataset();
    this.s3 = dataset.s3();
  }

  /** What S3 said of the time, if it answered. */
  Optional<Finding> clock() {
    return Optional.ofNullable(clock);
  }

  @Override
  public void look(Consumer<Finding> out) {
    for (S3Prefix place : dataset.source()) {
      try {
        look(place, out);
      } catch (NoSuchBucketException e) {
        out.accept(
            Finding.fault(
                name,
                "bucket '%s' does not exist; create it, or change INGEST_BUCKET or the route's source",
                place.bucket()));
      } catch (S3Exception e) {
        out.accept(
            e.statusCode() == Permission.FORBIDDEN
                ? Permission.denied(name, "s3:ListBucket", place.toString())
                : Finding.fault(name, "%s: %s", place, Permission.message(e)));
      } catch (SdkClientException e) {
        out.accept(
            Finding.fault(
                name,
                "S3 cannot be reached for %s: %s; check AWS_REGION and AWS_ENDPOINT_URL_S3",
                place,
                e.getMessage()));
      }
    }
  }

  private void look(S3Prefix place, Consumer<Finding> out) {
    ListObjectsV2Response page =
        s3.listObjectsV2(
            request ->
                request
                    .bucket(place.bucket())
                    .prefix(place.prefix())
                    .maxKeys(1)
                    .encodingType(EncodingType.URL)
                    .overrideConfiguration(SOON));
    Instant now = Instant.now();
    List<Finding> wrong = new ArrayList<>();
    Optional<String> key = page.contents().stream().map(S3Object::key).findFirst();
    boolean versions = fetch(place, key.orElse(nobodys(place)), wrong);
    afterLoad(place, key.isPresent() && !versions, wrong);
    if (wrong.isEmpty()) {
      String action = dataset.afterLoad().action().toString().toLowerCase(java.util.Locale.ROOT);
      out.accept(
          Finding.ok(
              name,
              "%s can be listed and fetched%s",
              place,
              action.equals("keep")
                  ? ""
                  : ", and what ingest.after-load wants is allowed: " + action));
    }
    wrong.forEach(out);
    page.sdkHttpResponse()
        .firstMatchingHeader("Date")
        .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant())
        .ifPresent(theirs -> clock = Clock.compare("S3", theirs, now));
  }

  /** A key that is not there, and will not be. */
  private static String nobodys(S3Prefix place) {
    return place.prefix() + "camel-ingest-doctor-" + UUID.randomUUID();
  }

  /** Fetches a byte; tells whether the bucket keeps, or has kept, versions. */
  private boolean fetch(S3Prefix place, String key, List<Finding> wrong) {
    try (ResponseInputStream<GetObjectResponse> one =
        s3.getObject(
            request ->
                request
                    .bucket(place.bucket())
                    .key(key)
                    .range("bytes=0-0")
                    .overrideConfiguration(SOON))) {
      // Not all of it, where a server knows no ranges.
      one.abort();
      return one.response().versionId() != null;
    } catch (S3Exception e) {
      boolean archived =
          e.awsErrorDetails() != null
              && "InvalidObjectState".equals(e.awsErrorDetails().errorCode());
      if (e.statusCode() == Permission.FORBIDDEN && !archived) {
        wrong.add(Permission.denied(name, "s3:GetObject", place.toString()));
      } else if (!archived
          && e.statusCode() != Permission.NOT_FOUND
          && e.statusCode() != RANGE_NOT_SATISFIABLE) {
        wrong.add(
            Finding.fault(
                name, "objects of %s cannot be fetched: %s", place, Permission.message(e)));
      }
    } catch (java.io.IOException e) {
      wrong.add(Finding.fault(name, "objects of %s cannot be fetched: %s", place, e.getMessage()));
    }
    // It may.
    return true;
  }

  private void afterLoad(S3Prefix place, boolean noVersions, List<Finding> wrong) {
    AfterLoad wanted = dataset.afterLoad();
    switch (wanted.action()) {
      case TAG -> tag(place, wrong);
      case MOVE -> {
        copy(place, wanted, wrong);
        delete(place, noVersions, wrong);
      }
      case DELETE -> delete(place, noVersions, wrong);
      default -> {
        // nothing is done with them
      }
    }
  }

  private void tag(S3Prefix place, List<Finding> wrong) {
    String bucket = place.bucket();
    String key = nobodys(place);
    Permission.probe(
            name,
            "s3:GetObjectTagging",
            place.toString(),
            () -> s3.getObjectTagging(r -> r.bucket(bucket).key(key).overrideConfiguration(SOON)))
        .ifPresent(wrong::add);
    Permission.probe(
            name,
            "s3:PutObjectTagging",
            place.toString(),
            () ->
                s3.putObjectTagging(
                    r ->
                        r.bucket(bucket)
                            .key(key)
                            .tagging(tags -> tags.tagSet(LOADED))
                            .overrideConfiguration(SOON)))
        .ifPresent(wrong::add);
  }

  private void copy(S3Prefix place, AfterLoad wanted, List<Finding> wrong) {
    String key = nobodys(place);
    Permission.probe(
            name,
            "s3:PutObject",
            new S3Prefix(place.bucket(), wanted.destination(place.prefix())).toString(),
            () ->
                s3.copyObject(
                    r ->
                        r.sourceBucket(place.bucket())
                            .sourceKey(key)
                            .destinationBucket(place.bucket())
                            .destinationKey(wanted.destination(key))
                            .overrideConfiguration(SOON)))
        .ifPresent(wrong::add);
  }

  /** Where a bucket has versions, a deletion of what is not there might leave a marker. */
  private void delete(S3Prefix place, boolean noVersions, List<Finding> wrong) {
    if (!noVersions) {
      wrong.add(
          Finding.warning(
              name,
              "whether s3:DeleteObject is allowed on %s is not tried, since the bucket may keep versions; look at its policy",
              place));
      return;
    }
    Permission.probe(
            name,
            "s3:DeleteObject",
            place.toString(),
            () ->
                s3.deleteObject(
                    r -> r.bucket(place.bucket()).key(nobodys(place)).overrideConfiguration(SOON)))
        .ifPresent(wrong::add);
  }
}
