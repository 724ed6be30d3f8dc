package io.github.camelingest.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncodingTest {

  private final Encoding encoding = new Encoding();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "plain text \u007f of several words",
        "é",
        "日本",
        "😀",
        "\uFEFF",
        "\uFFFF"
      })
  void utf8HasNoFlaw(String text) {
    assertThat(encoding.flawIn(text.getBytes(UTF_8))).isNull();
    assertThat(encoding.flawIn((text + "x".repeat(3_000) + text).getBytes(UTF_8))).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "80, 1, a continuation without a start",
    "FF, 1, never in UTF-8",
    "FE, 1, never in UTF-8",
    "C0AF, 1, overlong",
    "C080, 1, U+0000 overlong",
    "E080AF, 1, overlong",
    "F08080AF, 1, overlong",
    "EDA080, 1, a surrogate",
    "EDBFBF, 1, a surrogate",
    "EDA0BDEDB880, 1, a pair of surrogates",
    "F4908080, 1, over U+10FFFF",
    "F5808080, 1, over U+10FFFF",
    "C3, 1, cut",
    "E697, 1, cut",
    "F09F98, 1, cut",
    "C328, 1, no continuation",
    "C3A9E6, 3, cut behind a good one"
  })
  void whatIsNotUtf8IsFoundWhereverItStands(String hex, int at, String what) {
    byte[] bad = HexFormat.of().parseHex(hex);
    for (int before : new int[] {0, 1, 7, 8, 9, 2_000}) {
      for (int after : new int[] {0, 1, 8}) {
        byte[] bytes = surrounded(before, bad, after);
        if (after == 0 || !what.startsWith("cut")) {
          Flaw flaw = encoding.flawIn(bytes);
          assertThat(flaw).as(what).extracting(Flaw::reason).isEqualTo(Reason.NOT_UTF8);
          assertThat(flaw.message()).startsWith("byte %d (".formatted(before + at));
        }
      }
    }
  }

  @Test
  void u0000IsFoundWhereverItStands() {
    for (int length = 1; length < 40; length++) {
      for (int at = 0; at < length; at++) {
        byte[] bytes = surrounded(at, new byte[1], length - at - 1);

        Flaw flaw = encoding.flawIn(bytes);

        assertThat(flaw.reason()).isEqualTo(Reason.BAD_CHARACTER);
        assertThat(flaw.message()).startsWith("byte %d is U+0000".formatted(at + 1));
      }
    }
    assertThat(encoding.flawIn("é\0".getBytes(UTF_8)).message()).startsWith("byte 3 ");
  }

  @Test
  void oneFlawLeavesNoTraceInTheNextLine() {
    assertThat(encoding.flawIn(new byte[] {(byte) 0xE6})).isNotNull();

    assertThat(encoding.flawIn("é".getBytes(UTF_8))).isNull();
  }

  private static byte[] surrounded(int before, byte[] bytes, int after) {
    byte[] all = "x".repeat(before + bytes.length + after).getBytes(UTF_8);
    System.arraycopy(bytes, 0, all, before, bytes.length);
    return all;
  }
}
