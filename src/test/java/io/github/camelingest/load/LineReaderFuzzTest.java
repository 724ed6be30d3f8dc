package io.github.camelingest.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.camelingest.ledger.LineRanges;
import io.github.camelingest.ledger.Position;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * However the bytes are and arrive, the reader hands out the lines that cutting them all at once
 * gives, and holds no more than it may.
 */
class LineReaderFuzzTest {

  /** Every array that a reader holds bytes in. */
  private static final List<Field> HELD =
      Stream.of(LineReader.class.getDeclaredFields())
          .filter(field -> field.getType() == byte[].class)
          .filter(field -> !Modifier.isStatic(field.getModifiers()))
          .peek(field -> field.setAccessible(true))
          .toList();

  @FuzzTest
  void handsOutWhatCuttingAtOnceGives(byte[] input) throws IOException {
    if (input.length < Reading.CHOICES) {
      return;
    }
    Reading reading = Reading.chosenBy(ByteBuffer.wrap(input));
    Chunks chunks = new Chunks(reading.content(), reading.chunks());
    LineReader reader =
        new LineReader(
            chunks, reading.start(), reading.limit(), reading.comments(), reading.committed());
    chunks.reader = reader;
    Naive naive = new Naive(reading);

    for (Line expected : naive.lines) {
      assertSame(reader.next(), expected);
    }
    assertThat(reader.next()).isNull();
    assertThat(reader.next()).isNull();
    assertThat(reader.position()).isEqualTo(naive.end);
    assertThat(reader.ordinal()).isEqualTo(naive.lines.size());
    assertThat(reader.blanks()).isEqualTo(naive.blanks);
    assertThat(chunks.mostHeld).isLessThanOrEqualTo(reading.mayBeHeld());
  }

  private static void assertSame(Line line, Line expected) {
    assertThat(line).as("line %d", expected.number()).isNotNull();
    // There are millions of comparisons: describing each would take longer than making it.
    if (line.number() != expected.number()
        || !Arrays.equals(line.bytes(), expected.bytes())
        || reason(line) != reason(expected)
        || line.ordinal() != expected.ordinal()
        || line.blanksBefore() != expected.blanksBefore()
        || line.endByte() != expected.endByte()) {
      assertThat(line)
          .usingRecursiveComparison()
          .ignoringFields("flaw.message")
          .isEqualTo(expected);
    }
  }

  private static Reason reason(Line line) {
    return line.flaw() == null ? null : line.flaw().reason();
  }

  /**
   * What is read and how.
   *
   * @param chunks sizes in which the bytes arrive, again and again; 0 is as many as are wanted
   * @param committedOfFirst bit n - 1 is set where line n is committed
   */
  private record Reading(
      boolean comments,
      int limit,
      byte[] chunks,
      Position start,
      long committedOfFirst,
      byte[] content) {

    /** Bytes at the front of an input that are not content. */
    static final int CHOICES = 18;

    private static final int LONGEST_CONTENT = 200_000;

    /** The first bytes of the input choose; the rest is the content. */
    static Reading chosenBy(ByteBuffer input) {
      boolean comments = input.get() % 2 != 0;
      int limit = 1 + (Short.toUnsignedInt(input.getShort()) >>> (input.get() & 15));
      byte[] chunks = new byte[4];
      input.get(chunks);
      int lines = Byte.toUnsignedInt(input.get());
      long committed = input.getLong();
      // Lines and contents longer than the buffer, which no input of the fuzzer is; but mostly
      // once,
      // since short contents try more in the same time.
      int times = 1 << Math.max(0, (input.get() - 64) / 8);
      byte[] once = new byte[input.remaining()];
      input.get(once);
      byte[] content = new byte[Math.min(times * once.length, LONGEST_CONTENT)];
      for (int i = 0; i < content.length; i++) {
        content[i] = once[i % once.length];
      }
      return new Reading(
          comments, limit, chunks, new Position(lines, 7L * lines), committed, content);
    }

    /** The read buffer, and a line that is collected in an array that grows by doubling. */
    int mayBeHeld() {
      return 64 * 1024 + 2 * Math.max(limit + 1, LineReader.KEPT_OF_LONG_LINE);
    }

    boolean isCommitted(long line) {
      return line <= Long.SIZE && (committedOfFirst >>> (line - 1) & 1) == 1;
    }

    LineRanges committed() {
      List<String> ranges = new ArrayList<>();
      for (int line = 1; line <= Long.SIZE; line++) {
        int first = line;
        while (isCommitted(line)) {
          line++;
        }
        if (line > first) {
          ranges.add("[%d,%d)".formatted(first, line));
        }
      }
      return LineRanges.parse("{" + String.join(",", ranges) + "}");
    }
  }

  /** The lines as the documentation of {@link LineReader} has them, with all bytes at hand. */
  private static final class Naive {
    final List<Line> lines = new ArrayList<>();
    final Position end;
    long blanks;

    Naive(Reading reading) {
      byte[] content = reading.content();
      long number = reading.start().lines();
      int from = 0;
      while (from < content.length) {
        int to = from;
        while (to < content.length && content[to] != '\n') {
          to++;
        }
        int next = Math.min(to + 1, content.length);
        number++;
        if (!reading.isCommitted(number)) {
          add(reading, number, Arrays.copyOfRange(content, from, to), next);
        }
        from = next;
      }
      end = new Position(number, reading.start().bytes() + content.length);
    }

    private void add(Reading reading, long number, byte[] raw, int next) {
      int content = raw.length > 0 && raw[raw.length - 1] == '\r' ? raw.length - 1 : raw.length;
      boolean tooLong = content > reading.limit();
      byte[] line =
          tooLong
              ? Arrays.copyOf(raw, Math.min(raw.length, LineReader.KEPT_OF_LONG_LINE))
              : withoutMark(Arrays.copyOf(raw, content));
      if (!tooLong && isBlank(line, reading.comments())) {
        blanks++;
        return;
      }
      Flaw flaw = tooLong ? new Flaw(Reason.TOO_LONG, "") : flaw(line);
      long endByte = reading.start().bytes() + next;
      lines.add(new Line(number, line, flaw, lines.size() + 1, blanks, endByte));
    }

    private static byte[] withoutMark(byte[] line) {
      boolean marked =
          line.length >= 3
              && line[0] == (byte) 0xEF
              && line[1] == (byte) 0xBB
              && line[2] == (byte) 0xBF;
      return marked ? Arrays.copyOfRange(line, 3, line.length) : line;
    }

    private static boolean isBlank(byte[] line, boolean comments) {
      for (byte b : line) {
        if (b != ' ' && b != '\t') {
          return comments && b == '#';
        }
      }
      return true;
    }

    private static Flaw flaw(byte[] line) {
      try {
        String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
        return text.indexOf('\0') < 0 ? null : new Flaw(Reason.BAD_CHARACTER, "");
      } catch (CharacterCodingException e) {
        return new Flaw(Reason.NOT_UTF8, "");
      }
    }
  }

  /** Content that arrives in pieces, and sees what its reader holds whenever it wants more. */
  private static final class Chunks extends InputStream {
    private final byte[] content;
    private final byte[] sizes;
    private int position;
    private int reads;
    LineReader reader;
    long mostHeld;

    Chunks(byte[] content, byte[] sizes) {
      this.content = content;
      this.sizes = sizes;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      mostHeld = Math.max(mostHeld, held());
      if (position == content.length) {
        return -1;
      }
      int size = Byte.toUnsignedInt(sizes[reads++ % sizes.length]);
      int read = Math.min(size == 0 ? length : Math.min(size, length), content.length - position);
      System.arraycopy(content, position, into, offset, read);
      position += read;
      return read;
    }

    private long held() throws IOException {
      try {
        long bytes = 0;
        for (Field field : HELD) {
          bytes += ((byte[]) field.get(reader)).length;
        }
        return bytes;
      } catch (IllegalAccessException e) {
        throw new IOException(e);
      }
    }
  }
}
