package io.github.camelingest.load;

import io.github.camelingest.compression.Content;
import io.github.camelingest.compression.ContentException;
import io.github.camelingest.compression.CutOffException;
import io.github.camelingest.compression.Source;
import io.github.camelingest.ledger.Claim;
import io.github.camelingest.ledger.Claims;
import io.github.camelingest.ledger.Ledger;
import io.github.camelingest.ledger.S3Object;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.util.ObjectHelper;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Fetches objects from S3, from where their load has to go on, and decompresses them by their
 * content. Thread-safe.
 */
public final class ObjectOpener {

  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int PRECONDITION_FAILED = 412;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int SERVER_ERROR = 500;

  /** Errors that every object would meet (Amazon S3 API Reference, "Error responses"). */
  private static final Set<String> NOT_OF_THE_OBJECT =
      Set.of("ExpiredToken", "InvalidToken", "NoSuchBucket", "RequestTimeTooSkewed");

  private final CurrentVersion current;
  private final Ledger ledger;
  private final long maxCompressionRatio;

  /**
   * @param maxCompressionRatio so many times its compressed size an object may have; {@link
   *     Long#MAX_VALUE} for no limit
   */
  public ObjectOpener(CurrentVersion current, Ledger ledger, long maxCompressionRatio) {
    this.current = current;
    this.ledger = ledger;
    this.maxCompressionRatio = maxCompressionRatio;
  }

  /**
   * Opens the object of the body, a {@link Load}. Where that version is not to be loaded, since it
   * is gone, overwritten or not wanted, its content is empty and the load ends so.
   *
   * @throws ReadException if its first bytes do not come, or nobody could read them
   */
  public void open(Exchange exchange) throws InterruptedException {
    Load load = exchange.getMessage().getBody(Load.class);
    try {
      settle(load, fetch(load));
    } catch (S3Exception e) {
      if (e.statusCode() == PRECONDITION_FAILED) {
        end(load, "superseded", "the object was overwritten before it was loaded");
      } else if (isGone(e)) {
        end(load, "gone", "the object is not in the bucket any more");
      } else {
        throw e;
      }
    } catch (ContentException e) {
      throw new ReadException(e.getMessage(), e);
    } catch (IOException e) {
      throw new ReadException("the object cannot be opened: " + e.getMessage(), e);
    }
  }

  /** Gone is also a version that a lifecycle rule removed, or that a delete marker hides. */
  private static boolean isGone(S3Exception e) {
    return e.statusCode() == METHOD_NOT_ALLOWED
        || e.statusCode() == NOT_FOUND && !(e instanceof NoSuchBucketException);
  }

  /** Opens the object; tells which other versions of its key there are. */
  private Ledger.Others fetch(Load load) throws IOException, InterruptedException {
    Claim claim = load.claim();
    boolean restOnly = claim.plain() && claim.start().bytes() > 0;
    if (claim.object().size() > Claims.SMALL_BYTES) {
      // Before S3 is asked: it does not wait for long to be read.
      load.turn().await();
    }
    try {
      ResponseInputStream<GetObjectResponse> response =
          load.s3().getObject(request(claim, restOnly));
      long length = response.response().contentLength();
      // Closing S3's own stream would read it to the end first.
      Source source = new Source(response, length, response::abort);
      load.source(source);
      load.content(source);
      if (length <= Claims.SMALL_BYTES) {
        // Its connection is free for others at once, and its lines need no memory worth waiting
        // for.
        byte[] whole = source.whole();
        source = new Source(new ByteArrayInputStream(whole), length, () -> {});
        load.content(source);
        if (!Content.isPlain(whole)) {
          load.turn().await();
        }
      } else {
        load.turn().await();
      }
      boolean plain = restOnly || decompress(load, source);
      long size = length + (restOnly ? claim.start().bytes() : 0);
      return ledger.opened(claim, response.response().lastModified(), size, plain);
    } catch (S3Exception e) {
      if (e.statusCode() != RANGE_NOT_SATISFIABLE) {
        throw e;
      }
      // Every byte is committed; only the end was never noted.
      load.content(InputStream.nullInputStream());
      HeadObjectResponse whole = current.same(load);
      return ledger.opened(claim, whole.lastModified(), whole.contentLength(), true);
    }
  }

  /** Replaces the content by what it decompresses to, from the load's start on. */
  private boolean decompress(Load load, Source source) throws IOException {
    Content content = Content.of(source, maxCompressionRatio);
    load.content(content);
    content.skipNBytes(load.claim().start().bytes());
    return content.isPlain();
  }

  private void settle(Load load, Ledger.Others others) throws InterruptedException {
    Claim claim = load.claim();
    if (others != Ledger.Others.NONE || claim.replay()) {
      // Each of them needs transactions of its own.
      load.turn().await();
    }
    // An object that has rows already goes on, whatever came meanwhile.
    boolean unwanted = others == Ledger.Others.LOADED && claim.committed().isEmpty();
    switch (load.overwriting()) {
      case REPLACE -> {
        if (others != Ledger.Others.NONE || claim.replay()) {
          replaceOthers(load);
        }
      }
      case APPEND -> replaceItself(load);
      case IGNORE -> {
        if (unwanted) {
          end(
              load,
              "loaded",
              "not loaded: an earlier version is, and the route ignores later ones");
        } else {
          replaceItself(load);
        }
      }
      case FAIL -> {
        if (unwanted) {
          end(load, "failed", "overwritten after it was loaded, which the route does not allow");
        } else {
          replaceItself(load);
        }
      }
      default -> throw new IllegalStateException(load.overwriting().toString());
    }
  }

  /**
   * Other versions stay as they are, but an earlier load of the same content does not. What was
   * held back, since the route replaced then, has to be shown at the end.
   */
  private void replaceItself(Load load) {
    if (load.claim().replay() || load.claim().heldBack()) {
      ledger.holdBack(load.claim());
      load.besideOthers();
    }
  }

  private void replaceOthers(Load load) {
    Claim claim = load.claim();
    // Opening it was noted before this question: if it holds now, any later version sees it.
    current.same(load);
    ledger.holdBack(claim);
    load.besideOthers();
  }

  private static void end(Load load, String state, String why) {
    if (load.content() != null) {
      closeContent(load);
    }
    load.endAs(new Load.Ending(state, why));
  }

  private static void closeContent(Load load) {
    try {
      load.content().close();
    } catch (IOException e) {
      // Aborting S3's stream fails only where it is closed already.
    }
  }

  private static GetObjectRequest request(Claim claim, boolean restOnly) {
    S3Object object = claim.object();
    GetObjectRequest.Builder request =
        GetObjectRequest.builder()
            .bucket(object.bucket())
            .key(object.key())
            // Not by its version: one that is overwritten or deleted is not to be loaded.
            .ifMatch(CurrentVersion.quoted(object.etag()));
    if (restOnly) {
      request.range("bytes=%d-".formatted(claim.start().bytes()));
    }
    return request.build();
  }

  /** Whether a load failed since the object has to be restored from an archive first. */
  static boolean isArchived(Throwable failure) {
    AwsServiceException answer = ObjectHelper.getException(AwsServiceException.class, failure);
    return answer != null && "InvalidObjectState".equals(errorCode(answer));
  }

  /** Whether a load failed since we may not read the object. */
  static boolean isDenied(Throwable failure) {
    AwsServiceException answer = ObjectHelper.getException(AwsServiceException.class, failure);
    return answer != null
        && answer.statusCode() == FORBIDDEN
        && ("AccessDenied".equals(errorCode(answer)) || errorCode(answer).isEmpty());
  }

  private static String errorCode(AwsServiceException answer) {
    return answer.awsErrorDetails() == null || answer.awsErrorDetails().errorCode() == null
        ? ""
        : answer.awsErrorDetails().errorCode();
  }

  /**
   * Whether a load failed because S3 or the way to it was away, which is not the object's fault: no
   * answer, a server error, credentials that do not hold, or bytes that stopped coming.
   */
  static boolean isAway(Throwable failure) {
    AwsServiceException answer = ObjectHelper.getException(AwsServiceException.class, failure);
    if (answer != null) {
      return answer.statusCode() >= SERVER_ERROR
          || answer.statusCode() == FORBIDDEN
          || answer.isThrottlingException()
          || NOT_OF_THE_OBJECT.contains(errorCode(answer));
    }
    if (ObjectHelper.getException(SdkClientException.class, failure) != null) {
      return true;
    }
    return ObjectHelper.getException(CutOffException.class, failure) != null;
  }
}
