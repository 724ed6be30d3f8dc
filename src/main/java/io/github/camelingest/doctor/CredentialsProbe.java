package io.github.camelingest.doctor;

import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Which AWS credentials there are, and where they come from. */
final class CredentialsProbe implements Probe {

  private static final int SHOWN = 4;

  @Override
  public void look(Consumer<Finding> out) {
    try (DefaultCredentialsProvider provider = DefaultCredentialsProvider.builder().build()) {
      AwsCredentials credentials = provider.resolveCredentials();
      out.accept(
          Finding.ok(
              "credentials",
              "access key %s, from %s%s",
              masked(credentials.accessKeyId()),
              credentials.providerName().orElse("the AWS SDK"),
              credentials.expirationTime().map(until -> ", until " + until).orElse("")));
    } catch (SdkClientException e) {
      // That lists the names of all the SDK's classes.
      out.accept(
          Finding.fault(
              "credentials",
              "no AWS credentials are found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give the instance a role"));
    }
  }

  /** Its begin and its end, where enough is hidden between them. */
  static String masked(String key) {
    return key.length() < 3 * SHOWN
        ? "****"
        : key.substring(0, SHOWN) + "****" + key.substring(key.length() - SHOWN);
  }
}
