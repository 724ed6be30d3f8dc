package io.github.camelingest.load;

import io.github.camelingest.ledger.Ledger;
import io.github.camelingest.ledger.S3Object;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Fetches objects from S3 and decompresses them by their content. Thread-safe. */
public final class ObjectOpener {

  private static final int PRECONDITION_FAILED = 412;
  private static final int GZIP_BUFFER_BYTES = 16 * 1024;

  private final S3Client s3;
  private final Ledger ledger;

  public ObjectOpener(S3Client s3, Ledger ledger) {
    this.s3 = s3;
    this.ledger = ledger;
  }

  /**
   * Opens the object of the body, a {@link Load}. Where that version is not in the bucket any more,
   * the ledger notes it and the route ends well here.
   */
  public void open(Exchange exchange) throws IOException {
    Message message = exchange.getMessage();
    Load load = message.getBody(Load.class);
    S3Object object = load.claim().object();
    try {
      ResponseInputStream<GetObjectResponse> response = s3.getObject(request(object));
      load.content(new AbortingStream(response));
      ledger.opened(
          load.claim(), response.response().lastModified(), response.response().contentLength());
      load.content(decompressed(load.content()));
    } catch (NoSuchKeyException e) {
      end(exchange, load, "gone", "the object is not in the bucket any more");
    } catch (S3Exception e) {
      if (e.statusCode() != PRECONDITION_FAILED) {
        throw e;
      }
      end(exchange, load, "superseded", "the object was overwritten before it was loaded");
    }
  }

  private void end(Exchange exchange, Load load, String state, String why) {
    ledger.closed(load.claim(), state, why);
    load.ended(state);
    exchange.setRouteStop(true);
  }

  private static GetObjectRequest request(S3Object object) {
    GetObjectRequest.Builder request =
        GetObjectRequest.builder()
            .bucket(object.bucket())
            .key(object.key())
            .ifMatch('"' + object.etag() + '"');
    if (!object.versionId().isEmpty()) {
      request.versionId(object.versionId());
    }
    return request.build();
  }

  private static InputStream decompressed(InputStream raw) throws IOException {
    BufferedInputStream in = new BufferedInputStream(raw, GZIP_BUFFER_BYTES);
    in.mark(2);
    boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
    in.reset();
    return gzip ? new GZIPInputStream(in, GZIP_BUFFER_BYTES) : in;
  }

  /** Closing means giving up the rest: S3's own stream would read it to the end first. */
  private static final class AbortingStream extends FilterInputStream {
    private final ResponseInputStream<?> response;

    AbortingStream(ResponseInputStream<?> response) {
      super(response);
      this.response = response;
    }

    @Override
    public void close() {
      response.abort();
    }
  }
}
