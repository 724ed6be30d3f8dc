package io.github.camelingest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NarrowTextTest {

  @Test
  void whatAWordMeansGoesBelowIt() {
    String help =
        """
        Loads what the bucket has of a dataset now and the
        database has not, and ends.

              --wait       Also wait for objects that another
                             instance is loading.
          -h, --help       Show this help message and exit.

        Examples:
          camel-ingest load visits --prefix visits/2026-11-
          camel-ingest load visits
        """;

    assertThat(NarrowText.of(help, 40))
        .isEqualToNormalizingNewlines(
            """
            Loads what the bucket has of a dataset
            now and the database has not, and ends.

              --wait
                  Also wait for objects that another
                  instance is loading.
              -h, --help
                  Show this help message and exit.

            Examples:
              camel-ingest load visits --prefix
              visits/2026-11-
              camel-ingest load visits
            """);
  }

  @Test
  void aWordThatIsTooLongStaysWhole() {
    assertThat(NarrowText.broken("  ", "see s3://bucket/visits/a.jsonl there", 20))
        .containsExactly("  see", "  s3://bucket/visits/a.jsonl", "  there");
  }
}
