package io.github.camelingest.management;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarkupTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<script>alert(1)</script> | &lt;script&gt;alert(1)&lt;/script&gt;",
        "a\"b | a&quot;b",
        "&lt; | &amp;lt;",
        "100 %s | 100 %s",
        "ä\uD83D\uDE00 | ä\uD83D\uDE00"
      })
  void whatIsPutIntoGapsIsText(String text, String html) {
    assertThat(Markup.of("<td title=\"%s\">", text).html())
        .isEqualTo("<td title=\"" + html + "\">");
  }

  @ParameterizedTest
  @CsvSource({"0, \u2400", "27, \u241b", "127, \u2421", "155, \u2421"})
  void controlCharactersAreSeen(int control, String picture) {
    assertThat(Markup.of("%s", Character.toString(control)).html()).isEqualTo(picture);
  }
}
