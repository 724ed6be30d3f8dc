package io.github.camelingest.load;

import software.amazon.awssdk.services.s3.S3Client;

/** The connections to S3. Thread-safe. */
public interface S3Clients {

  /**
   * The client of a dataset.
   *
   * @param role ARN of a role to act in; empty for the application's own credentials
   * @param requesterPays whether requests say that the requester pays for them
   */
  S3Client of(String role, boolean requesterPays);
}
