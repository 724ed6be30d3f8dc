package io.github.camelingest.doctor;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.useragent.BusinessMetricFeatureId;

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
              credentials.providerName().map(CredentialsProbe::provider).orElse("the AWS SDK"),
              credentials.expirationTime().map(until -> ", until " + until).orElse("")));
    } catch (SdkClientException e) {
      // That lists the names of all the SDK's classes.
      out.accept(
          Finding.fault(
              "credentials",
              "no AWS credentials are found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give the instance a role"));
    }
  }

  /** The SDK names its providers by codes, such as for its User-Agent. */
  static String provider(String codes) {
    return Arrays.stream(codes.split(","))
        .map(
            code ->
                Arrays.stream(BusinessMetricFeatureId.values())
                    .filter(provider -> code.equals(provider.value()))
                    .map(provider -> provider.name().replace('_', ' ').toLowerCase(Locale.ROOT))
                    .map(words -> words.replaceFirst("^credentials ", ""))
                    .findFirst()
                    .orElse(code))
        .collect(Collectors.joining(", "));
  }

  /** Its begin and its end, where enough is hidden between them. */
  static String masked(String key) {
    return key.length() < 3 * SHOWN
        ? "****"
        : key.substring(0, SHOWN) + "****" + key.substring(key.length() - SHOWN);
  }
}
