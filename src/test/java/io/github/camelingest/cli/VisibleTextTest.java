package io.github.camelingest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VisibleTextTest {

  /** Escape, line breaks, C1's CSI, delete, right-to-left override, zero width, a tag. */
  @ParameterizedTest
  @ValueSource(
      ints = {0, 0x1b, '\n', '\r', 0x7f, 0x9b, 0x202e, 0x2066, 0x200b, 0x2028, 0xfeff, 0xe0041})
  void whatATerminalWouldObeyOrHideBecomesAnEscape(int codePoint) {
    String shown = VisibleText.of("a" + Character.toString(codePoint) + "b");

    assertThat(shown).matches("a(\\\\u[0-9a-f]{4})+b");
  }

  @Test
  void halfACharacterBecomesAnEscape() {
    assertThat(VisibleText.of("\ud83d")).isEqualTo("\\ud83d");
  }

  @Test
  void otherTextStays() {
    String text = "visits/Zürich 日本 \uD83D\uDE00 \\ '\"";

    assertThat(VisibleText.of(text)).isEqualTo(text);
  }

  @Test
  void longTextEndsWithAnEllipsisAtTheWidth() {
    assertThat(VisibleText.cut("abcdef", 5)).isEqualTo("abcd…");
    assertThat(VisibleText.cut("abcde", 5)).isEqualTo("abcde");
  }

  @Test
  void anEscapeIsNotDivided() {
    assertThat(VisibleText.cut("ab\u001bcdefgh", 7)).isEqualTo("ab…");
    assertThat(VisibleText.cut("ab\u001b", 8)).isEqualTo("ab\\u001b");
  }

  @Test
  void whatWasShownCanBeTyped() {
    String key = "visits/\u202e\u001b[2J$1.jsonl";

    assertThat(VisibleText.meanings(VisibleText.of(key))).contains(key);
    assertThat(VisibleText.meanings("visits/\\u0041")).contains("visits/\\u0041");
  }
}
