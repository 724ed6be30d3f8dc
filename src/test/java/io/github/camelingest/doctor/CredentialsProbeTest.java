package io.github.camelingest.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialsProbeTest {

  @ParameterizedTest
  @CsvSource({"AKIAIOSFODNN7EXAMPLE, AKIA****MPLE", "local, ****", "elevenchars, ****"})
  void mostOfAKeyIsHidden(String key, String shown) {
    assertThat(CredentialsProbe.masked(key)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({"g, env vars", "0, imds", "'n,?', 'profile, ?'"})
  void aProviderIsNamedByWords(String codes, String words) {
    assertThat(CredentialsProbe.provider(codes)).isEqualTo(words);
  }
}
