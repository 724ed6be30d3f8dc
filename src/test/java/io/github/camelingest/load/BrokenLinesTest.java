package io.github.camelingest.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever a line has: it becomes a row or is rejected, in words that are not Java's. */
class BrokenLinesTest {

  /** Names and traces of Java and of Jackson. */
  private static final Pattern JAVA =
      Pattern.compile(
          "java\\.|jackson|[a-z]Exception|Feature|Constraints|Source|REDACTED|CTRL-CHAR"
              + "|[A-Z]{2,}_[A-Z]{2,}|\\bat [a-z]+\\.[a-z]+|\n|`\\w+`|[a-z][A-Z][a-z]+[A-Z(]");

  private static final Set<String> CODES =
      Set.copyOf(Stream.of(Reason.values()).map(Reason::code).toList());

  private static final byte[] VISIT =
      JsonLinesTest.VISIT
          .replace("{", "{\"x\": [{\"é\": \"日\"}, -1.5e3, true, \"\\u00e9\\n\"], ")
          .getBytes(UTF_8);

  private static final byte[] NETWORK = "NODE1 NODE3\tNODE5  NODE8 # é".getBytes(UTF_8);

  private final Set<String> reasons = new HashSet<>();

  @Test
  void everyTruncationOfALine() {
    assertThat(Trial.visit(VISIT).rejected()).isNull();
    for (int length = 1; length < VISIT.length; length++) {
      check(Trial.visit(Arrays.copyOf(VISIT, length)));
    }
    assertThat(reasons).containsExactlyInAnyOrder("not_json", "not_utf8");
  }

  @Test
  void everyByteOfALineReplacedOrDoubledOrInserted() {
    byte[] bad = {
      0,
      1,
      '\t',
      '\r',
      ' ',
      '"',
      '\\',
      '/',
      '#',
      '\'',
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '-',
      '.',
      '0',
      '9',
      'e',
      'n',
      'N',
      'u',
      'x',
      0x7f,
      (byte) 0x80,
      (byte) 0xC0,
      (byte) 0xED,
      (byte) 0xFF
    };
    for (int i = 0; i < VISIT.length; i++) {
      for (byte b : bad) {
        byte[] replaced = VISIT.clone();
        replaced[i] = b;
        check(Trial.visit(replaced));
        check(Trial.visit(inserted(VISIT, i, b)));
      }
      check(Trial.visit(inserted(VISIT, i, VISIT[i])));
    }
    assertThat(reasons)
        .contains(
            "not_utf8",
            "bad_character",
            "not_json",
            "not_object",
            "missing_field",
            "wrong_type",
            "bad_value");
  }

  @Test
  void everyByteOfANetworkLineReplaced() {
    for (int i = 0; i < NETWORK.length; i++) {
      for (int b = 0; b < 256; b++) {
        byte[] replaced = NETWORK.clone();
        replaced[i] = (byte) b;
        if (b != '\n' && replaced[0] != '#') {
          check(Trial.network(replaced));
        }
      }
    }
    assertThat(reasons).containsExactlyInAnyOrder("not_utf8", "bad_character", "bad_value");
  }

  private void check(Trial.Outcome outcome) {
    if (outcome.rejected() == null) {
      assertThat(outcome.row()).isNotNull();
      return;
    }
    assertThat(outcome.rejected().message()).isNotBlank().doesNotContainPattern(JAVA);
    assertThat(outcome.rejected().reason()).isIn(CODES);
    reasons.add(outcome.rejected().reason());
  }

  private static byte[] inserted(byte[] line, int at, byte b) {
    byte[] longer = new byte[line.length + 1];
    System.arraycopy(line, 0, longer, 0, at);
    longer[at] = b;
    System.arraycopy(line, at, longer, at + 1, line.length - at);
    return longer;
  }
}
