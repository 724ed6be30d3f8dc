package io.github.camelingest.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelingest.ledger.LineRanges;
import io.github.camelingest.ledger.Position;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineReaderTest {

  private static final int LIMIT = 100_000;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 65_536})
  void cutsLinesAtLfAndCrlfHoweverTheBytesArrive(int chunk) throws IOException {
    // Given
    String text = "one\ntwo\r\n\r\n\n  \t\nthree\rstill three\nlast";

    // When
    List<Line> lines = read(text.getBytes(UTF_8), chunk, false, LineRanges.parse("{}"));

    // Then
    assertThat(lines)
        .extracting(LineReaderTest::text)
        .containsExactly("one", "two", "three\rstill three", "last");
    assertThat(lines).extracting(Line::number).containsExactly(1L, 2L, 6L, 7L);
    assertThat(lines).extracting(Line::blanksBefore).containsExactly(0L, 0L, 3L, 3L);
    assertThat(lines).extracting(Line::ordinal).containsExactly(1L, 2L, 3L, 4L);
    assertThat(lines).extracting(Line::endByte).containsExactly(4L, 9L, 34L, 38L);
  }

  @Test
  void countsLeadingAndTrailingBlankLines() throws IOException {
    LineReader reader = reader("\n\na\n\n".getBytes(UTF_8), 1, false, LineRanges.parse("{}"));

    Line only = reader.next();

    assertThat(only.number()).isEqualTo(3);
    assertThat(reader.next()).isNull();
    assertThat(reader.position()).isEqualTo(new Position(4, 5));
    assertThat(reader.blanks()).isEqualTo(3);
  }

  @Test
  void anEmptyStreamHasNoLine() throws IOException {
    LineReader reader = reader(new byte[0], 1, false, LineRanges.parse("{}"));

    assertThat(reader.next()).isNull();
    assertThat(reader.position()).isEqualTo(Position.START);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 65_536})
  void skipsAByteOrderMarkAtTheStartOfALineOnly(int chunk) throws IOException {
    List<Line> lines =
        read(
            "\uFEFFa\n\uFEFFb\r\nc\uFEFF\n\uFEFF\uFEFFd".getBytes(UTF_8),
            chunk,
            false,
            LineRanges.parse("{}"));

    assertThat(lines)
        .extracting(LineReaderTest::text)
        .containsExactly("a", "b", "c\uFEFF", "\uFEFFd");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uFEFF", "\uFEFF\r\n", "\uFEFF \n", "\r\n", "\n", " ", "\r"})
  void aLineWithNothingInItIsBlank(String content) throws IOException {
    LineReader reader = reader(content.getBytes(UTF_8), 1, false, LineRanges.parse("{}"));

    assertThat(reader.next()).isNull();
    assertThat(reader.blanks()).isEqualTo(1);
    assertThat(reader.position()).isEqualTo(new Position(1, content.getBytes(UTF_8).length));
  }

  @Test
  void commentsCountAsBlankOnlyWhereTheyAreKnown() throws IOException {
    byte[] text = "# head\na # behind\n#\n \t# \u00ff\0".getBytes(ISO_8859_1);

    assertThat(read(text, 3, true, LineRanges.parse("{}")))
        .extracting(LineReaderTest::text)
        .containsExactly("a # behind");
    assertThat(read(text, 3, false, LineRanges.parse("{}")))
        .extracting(Line::number)
        .containsExactly(1L, 2L, 3L, 4L);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 65_536})
  void aFlawedLineIsAloneAndShiftsNoNumber(int chunk) throws IOException {
    byte[] text = "a\n\n\u00ff\r\nb\n\0\n\nc".getBytes(ISO_8859_1);

    List<Line> lines = read(text, chunk, false, LineRanges.parse("{}"));

    assertThat(lines).extracting(Line::number).containsExactly(1L, 3L, 4L, 5L, 7L);
    assertThat(lines)
        .extracting(LineReaderTest::reason)
        .containsExactly(null, Reason.NOT_UTF8, null, Reason.BAD_CHARACTER, null);
    assertThat(lines.get(1).bytes()).containsExactly(0xff);
  }

  @Test
  void leavesOutCommittedLinesAndDoesNotCountTheirBlanks() throws IOException {
    byte[] text = "a\n\nb\nc\n\nd\n".getBytes(UTF_8);

    List<Line> lines = read(text, 4, false, LineRanges.parse("{[1,3),[4,5)}"));

    assertThat(lines).extracting(LineReaderTest::text).containsExactly("b", "d");
    assertThat(lines).extracting(Line::number).containsExactly(3L, 6L);
    assertThat(lines).extracting(Line::blanksBefore).containsExactly(0L, 1L);
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000, 65_536})
  void aLineAtTheLimitIsWholeAndOneLongerIsCut(int chunk) throws IOException {
    String fits = "x".repeat(LIMIT);
    String tooLong = "y".repeat(LIMIT + 1);

    List<Line> lines =
        read(
            (fits + "\n" + tooLong + "\nafter").getBytes(UTF_8),
            chunk,
            false,
            LineRanges.parse("{}"));

    assertThat(lines)
        .extracting(LineReaderTest::reason)
        .containsExactly(null, Reason.TOO_LONG, null);
    assertThat(text(lines.get(0))).isEqualTo(fits);
    assertThat(text(lines.get(1))).isEqualTo("y".repeat(LineReader.KEPT_OF_LONG_LINE));
    assertThat(text(lines.get(2))).isEqualTo("after");
    assertThat(lines.get(2).number()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"100000, LF", "100000, CRLF", "100000, nothing", "100000, CR"})
  void theEndingOfALineDoesNotCount(int length, String ending) throws IOException {
    String end = Map.of("LF", "\n", "CRLF", "\r\n", "CR", "\r", "nothing", "").get(ending);
    byte[] fits = ("x".repeat(length) + end).getBytes(UTF_8);
    byte[] tooLong = ("x".repeat(length + 1) + end).getBytes(UTF_8);

    for (int chunk : new int[] {1, length, length + 1, length + 2}) {
      assertThat(read(fits, chunk, false, LineRanges.parse("{}")))
          .extracting(LineReaderTest::text)
          .containsExactly("x".repeat(length));
      assertThat(read(tooLong, chunk, false, LineRanges.parse("{}")))
          .extracting(LineReaderTest::reason)
          .containsExactly(Reason.TOO_LONG);
    }
  }

  @Test
  void anEndlessLineDoesNotFillTheHeap() throws IOException {
    // Given a line of twice the heap
    long length = 2 * Runtime.getRuntime().maxMemory();
    LineReader reader =
        new LineReader(new Repeated(length), Position.START, LIMIT, false, LineRanges.parse("{}"));

    // When
    Line line = reader.next();

    // Then
    assertThat(reason(line)).isEqualTo(Reason.TOO_LONG);
    assertThat(line.bytes()).hasSize(LineReader.KEPT_OF_LONG_LINE);
    assertThat(reader.next()).isNull();
  }

  private static List<Line> read(byte[] bytes, int chunk, boolean comments, LineRanges committed)
      throws IOException {
    LineReader reader = reader(bytes, chunk, comments, committed);
    List<Line> lines = new ArrayList<>();
    for (Line line = reader.next(); line != null; line = reader.next()) {
      lines.add(line);
    }
    return lines;
  }

  private static LineReader reader(
      byte[] bytes, int chunk, boolean comments, LineRanges committed) {
    return new LineReader(new Chunked(bytes, chunk), Position.START, LIMIT, comments, committed);
  }

  private static Reason reason(Line line) {
    return line.flaw() == null ? null : line.flaw().reason();
  }

  private static String text(Line line) {
    return new String(line.bytes(), UTF_8);
  }

  /** Gives at most so many bytes at a time, as a network does. */
  private static final class Chunked extends FilterInputStream {
    private final int chunk;

    Chunked(byte[] bytes, int chunk) {
      super(new ByteArrayInputStream(bytes));
      this.chunk = chunk;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return super.read(buffer, offset, Math.min(chunk, length));
    }
  }

  /** The same letter again and again. */
  private static final class Repeated extends InputStream {
    private long left;

    Repeated(long length) {
      left = length;
    }

    @Override
    public int read() {
      return left-- > 0 ? 'z' : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      if (left <= 0) {
        return -1;
      }
      int read = (int) Math.min(left, length);
      java.util.Arrays.fill(buffer, offset, offset + read, (byte) 'z');
      left -= read;
      return read;
    }
  }
}
