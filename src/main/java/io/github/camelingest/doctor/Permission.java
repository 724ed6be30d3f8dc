package io.github.camelingest.doctor;

import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Whether something is allowed, as a request shows that can do no harm. */
final class Permission {

  /** For requests of probes: an answer, or none. */
  static final AwsRequestOverrideConfiguration SOON =
      AwsRequestOverrideConfiguration.builder().apiCallTimeout(Duration.ofSeconds(5)).build();

  static final int FORBIDDEN = 403;
  static final int NOT_FOUND = 404;
  private static final int PRECONDITION_FAILED = 412;

  private Permission() {}

  /**
   * @param what is asked for, such as s3:DeleteObject
   * @param where such as s3://bucket/visits/
   * @param request about what does not exist, so that whoever may do it is told just that
   * @return what is wrong, or nothing where it is allowed
   */
  static Optional<Finding> probe(String subject, String what, String where, Runnable request) {
    try {
      request.run();
      return Optional.empty();
    } catch (AwsServiceException e) {
      if (e.statusCode() == NOT_FOUND || e.statusCode() == PRECONDITION_FAILED) {
        return Optional.empty();
      }
      if (e.statusCode() == FORBIDDEN) {
        return Optional.of(denied(subject, what, where));
      }
      return Optional.of(
          Finding.warning(
              subject, "whether %s is allowed on %s is not known: %s", what, where, message(e)));
    }
  }

  static Finding denied(String subject, String what, String where) {
    return Finding.fault(subject, "%s is denied on %s; allow it to these credentials", what, where);
  }

  static String message(AwsServiceException e) {
    String told = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorMessage();
    return told == null || told.isEmpty() ? "HTTP status " + e.statusCode() : told;
  }
}
