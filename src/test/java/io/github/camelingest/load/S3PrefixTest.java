package io.github.camelingest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3PrefixTest {

  @Test
  void severalPlacesAreSeparatedByCommas() {
    assertThat(S3Prefix.parse("s3://a/visits/, s3://b/in/2026"))
        .containsExactly(new S3Prefix("a", "visits/"), new S3Prefix("b", "in/2026"));
  }

  @Test
  void aWholeBucketIsAPlace() {
    assertThat(S3Prefix.parse("s3://a/")).containsExactly(new S3Prefix("a", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "a, visits/x.jsonl, true",
    "a, visits//x.jsonl, true",
    "a, visits/, false",
    "a, visits/folder/, false",
    "a, visitsx.jsonl, false",
    "b, visits/x.jsonl, false"
  })
  void holdsWhatBeginsSoAndIsNoFolder(String bucket, String key, boolean held) {
    assertThat(new S3Prefix("a", "visits/").holds(bucket, key)).isEqualTo(held);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "visits/", "s3://", "s3://a", "https://a/visits/", "s3://a/x,"})
  void anythingElseIsRefused(String location) {
    assertThatThrownBy(() -> S3Prefix.parse(location))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no place in S3");
  }

  @Test
  void aMissingBucketIsExplained() {
    assertThatThrownBy(() -> S3Prefix.parse("s3:///visits/"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("INGEST_BUCKET");
  }

  @Test
  void whatIsUnderAPrefixIsAPartOfItOrAllOrNothing() {
    S3Prefix place = new S3Prefix("bucket", "visits/");

    assertThat(place.under("visits/2026-")).contains(new S3Prefix("bucket", "visits/2026-"));
    assertThat(place.under("vis")).contains(place);
    assertThat(place.under("visits/")).contains(place);
    assertThat(place.under("visit2/")).isEmpty();
    assertThat(place.under("network/")).isEmpty();
  }
}
