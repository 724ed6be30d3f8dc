package io.github.camelingest.afterload;

import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The object is gone, or not the one any more that was loaded. */
final class ChangedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int PRECONDITION_FAILED = 412;

  /**
   * Of answers with the status 404 only these are about the object (Amazon S3, "Error responses").
   */
  private static final Set<String> GONE = Set.of("NoSuchKey", "NoSuchVersion");

  ChangedException(Throwable cause) {
    super("the object is gone, or was overwritten after its load", cause);
  }

  /**
   * What S3 answers to a question about the loaded object.
   *
   * @throws ChangedException if it answers that there is no such object
   */
  static <T> T unlessChanged(Supplier<T> request) {
    try {
      return request.get();
    } catch (S3Exception e) {
      throw isChange(e) ? new ChangedException(e) : e;
    }
  }

  /** A delete marker answers 405 where it is asked for by its version. */
  private static boolean isChange(S3Exception e) {
    return e instanceof NoSuchKeyException
        || e.statusCode() == PRECONDITION_FAILED
        || e.statusCode() == METHOD_NOT_ALLOWED
        || e.awsErrorDetails() != null && GONE.contains(e.awsErrorDetails().errorCode());
  }
}
