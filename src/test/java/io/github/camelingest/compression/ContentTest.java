package io.github.camelingest.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import io.github.camelingest.local.SampleData;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

@Timeout(120)
class ContentTest {

  /** Several blocks of every format. */
  private static final byte[] VISITS =
      new SampleData(1).visits(600).getBytes(StandardCharsets.UTF_8);

  /** What came, and what ended it. */
  private record Reading(byte[] bytes, IOException end) {}

  @ParameterizedTest
  @EnumSource
  void severalPartsAreOneContent(Packed format) {
    byte[] parts = concat(format.pack(VISITS), format.pack(new byte[0]), format.pack(VISITS));

    Reading reading = read(parts);

    assertThat(reading.end()).isNull();
    assertThat(reading.bytes()).isEqualTo(concat(VISITS, VISITS));
  }

  @Test
  void whatIsNotCompressedStaysAsItIs() throws IOException {
    Content content = Content.of(whole(VISITS), 1);

    assertThat(content.isPlain()).isTrue();
    assertThat(content.readAllBytes()).isEqualTo(VISITS);
    assertThat(read(new byte[0]).bytes()).isEmpty();
    assertThat(read(new byte[] {0x1f}).bytes()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void ofATruncatedObjectEveryLineIsGivenThatCanBe(Packed format) {
    byte[] part = format.pack(VISITS);
    byte[] packed = concat(part, part);
    byte[] all = concat(VISITS, VISITS);
    Random random = new Random(1);
    for (int i = 0; i < 60; i++) {
      byte[] truncated = Arrays.copyOf(packed, 6 + random.nextInt(packed.length - 6));

      Reading reading = read(truncated);

      byte[] expected = format.unpackByteByByte(truncated);
      assertThat(wholeLines(reading.bytes()))
          .as("%d bytes", truncated.length)
          .isGreaterThanOrEqualTo(wholeLines(expected));
      assertThat(Arrays.mismatch(reading.bytes(), all)).isIn(-1, reading.bytes().length);
      assertDamaged(reading, truncated.length == part.length);
    }
  }

  /** As a decoder may take what it was given of a part for what follows the end of a file. */
  @ParameterizedTest
  @EnumSource
  void ofATruncatedSecondPartItIsTold(Packed format) {
    byte[] part = format.pack(VISITS);
    byte[] packed = concat(part, part);
    for (int more = 1; more < 1_200; more += more < 40 ? 1 : 29) {
      Reading reading = read(Arrays.copyOf(packed, part.length + more));

      assertThat(wholeLines(reading.bytes())).as("%d bytes", more).isGreaterThanOrEqualTo(600);
      assertThat(reading.end()).as("%d bytes", more).isInstanceOf(ContentException.class);
    }
  }

  /** Where the first part ends, the object is whole. */
  private static void assertDamaged(Reading reading, boolean whole) {
    if (whole) {
      assertThat(reading.end()).isNull();
    } else {
      assertThat(reading.end())
          .isInstanceOf(ContentException.class)
          .hasMessageContaining("end too early");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWrongChecksumAtTheVeryEndCostsNoLine(Packed format) {
    byte[] packed = format.pack(VISITS);
    packed[format.lastOfChecksum(packed)] ^= 0x10;

    Reading reading = read(packed);

    assertThat(wholeLines(reading.bytes())).isEqualTo(VISITS.length);
    assertThat(Arrays.mismatch(reading.bytes(), VISITS)).isEqualTo(-1);
    assertThat(reading.end())
        .isInstanceOf(ContentException.class)
        .hasMessageContaining("data are corrupt");
  }

  @ParameterizedTest
  @EnumSource
  void brokenBytesAreDamageAndNothingWorse(Packed format) {
    byte[] packed = format.pack(VISITS);
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      byte[] broken = packed.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        broken[6 + random.nextInt(broken.length - 6)] ^= (byte) (1 << random.nextInt(8));
      }

      Reading reading = read(broken);

      if (reading.end() == null) {
        // Some bits mean nothing, such as the time in gzip's header.
        assertThat(reading.bytes()).isEqualTo(VISITS);
      } else {
        assertThat(reading.end()).isInstanceOf(ContentException.class);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsCutOffOnItsWayIsNotDamaged(Packed format) {
    byte[] packed = concat(format.pack(VISITS), format.pack(VISITS));
    Random random = new Random(1);
    for (int i = 0; i < 100; i++) {
      int cut = i == 0 ? packed.length / 2 : random.nextInt(packed.length);
      byte[] came = Arrays.copyOf(packed, cut);

      Reading broken = read(new Source(new Breaking(came, true), packed.length, () -> {}));
      Reading ended = read(new Source(new Breaking(came, false), packed.length, () -> {}));

      assertThat(broken.end()).isInstanceOf(CutOffException.class).hasMessage("Connection reset");
      assertThat(ended.end())
          .isInstanceOf(CutOffException.class)
          .hasMessage("%d of %d bytes came".formatted(cut, packed.length));
    }
  }

  @ParameterizedTest
  @EnumSource
  void somethingElseBehindTheEndIsDamage(Packed format) {
    Reading reading =
        read(concat(format.pack(VISITS), "something else".getBytes(StandardCharsets.UTF_8)));

    assertThat(reading.bytes()).isEqualTo(VISITS);
    assertThat(reading.end())
        .isInstanceOf(ContentException.class)
        .hasMessageContaining("data are corrupt");
  }

  @Test
  void framesToBeSkippedMayStandAnywhere() {
    byte[] skippable = {0x5a, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4};
    for (Packed format : new Packed[] {Packed.ZSTD, Packed.LZ4}) {
      byte[] packed = format.pack(VISITS);

      Reading reading = read(concat(skippable, skippable, packed, skippable, packed, skippable));

      assertThat(reading.end()).isNull();
      assertThat(reading.bytes()).isEqualTo(concat(VISITS, VISITS));
    }
  }

  @Test
  void blocksOfLz4MayFollowFromEachOtherAndHaveChecksums() throws IOException {
    byte[] packed = Packed.lz4OfLinkedBlocks(VISITS);
    byte[] broken = packed.clone();
    broken[packed.length / 2] ^= 1;

    assertThat(read(concat(packed, packed)).bytes()).isEqualTo(concat(VISITS, VISITS));
    assertThat(read(broken).end()).isInstanceOf(ContentException.class);
  }

  @ParameterizedTest
  @CsvSource({"23, true", "24, false"})
  void zstdNeedsAWindowOfAtMost8MiB(int windowLog, boolean fits) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new ZstdOutputStream(bytes).setLong(windowLog)) {
      out.write(VISITS);
    }

    assertFits(read(bytes.toByteArray()), fits);
  }

  @ParameterizedTest
  @CsvSource({"6, true", "7, false"})
  void xzNeedsADictionaryOfAtMost8MiB(int preset, boolean fits) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new XZOutputStream(bytes, new LZMA2Options(preset))) {
      out.write(VISITS);
    }

    assertFits(read(bytes.toByteArray()), fits);
  }

  private static void assertFits(Reading reading, boolean fits) {
    if (fits) {
      assertThat(reading.end()).isNull();
      assertThat(reading.bytes()).isEqualTo(VISITS);
    } else {
      assertThat(reading.bytes()).isEmpty();
      assertThat(reading.end())
          .isInstanceOfSatisfying(
              ContentException.class,
              e ->
                  assertThat(e.messageBehind(0))
                      .startsWith("it needs a window of more than 8 MiB; compress it with"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PK\3\4", "PK\5\6"})
  void zipIsRefused(String start) {
    assertThat(read(start.getBytes(StandardCharsets.ISO_8859_1)).end())
        .isInstanceOf(ContentException.class)
        .hasMessageContaining("it is a zip archive; upload its files one by one");
  }

  @ParameterizedTest
  @EnumSource
  void theLimitOfTheRatioHoldsFromTheFirstMiBOn(Packed format) throws IOException {
    byte[] few = format.pack(new byte[1 << 20]);
    byte[] many = format.pack(new byte[4 << 20]);

    assertThat(Content.of(whole(few), 50).readAllBytes()).hasSize(1 << 20);
    assertThatThrownBy(() -> Content.of(whole(many), 50).readAllBytes())
        .isInstanceOfSatisfying(
            ContentException.class,
            e ->
                assertThat(e.messageBehind(7))
                    .isEqualTo(
                        "not read on behind line 7: it decompresses to more than 50 times its size (ingest.max-compression-ratio); the lines before are loaded"));
    assertThat(Content.of(whole(concat(many, format.pack(noise()))), 1_000_000).readAllBytes())
        .hasSize((4 << 20) + noise().length);
  }

  @Test
  void closingGivesUpTheRest() throws IOException {
    for (Packed format : Packed.values()) {
      int[] aborted = {0};
      byte[] packed = format.pack(VISITS);
      Content content =
          Content.of(
              new Source(new ByteArrayInputStream(packed), packed.length, () -> aborted[0]++),
              1000);
      content.read();

      content.close();

      assertThat(aborted[0]).as(format.name()).isPositive();
    }
  }

  @Test
  void skippingGoesOnWhereItShould() throws IOException {
    for (Packed format : Packed.values()) {
      Content content = Content.of(whole(format.pack(VISITS)), 1000);

      content.skipNBytes(100_001);

      assertThat(content.readAllBytes())
          .as(format.name())
          .isEqualTo(Arrays.copyOfRange(VISITS, 100_001, VISITS.length));
    }
  }

  private static byte[] noise() {
    byte[] noise = new byte[50_000];
    new Random(1).nextBytes(noise);
    return noise;
  }

  private static Reading read(byte[] packed) {
    return read(whole(packed));
  }

  private static Reading read(Source source) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[64 * 1024];
    try (Content content = Content.of(source, Long.MAX_VALUE)) {
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        bytes.write(buffer, 0, n);
      }
      return new Reading(bytes.toByteArray(), null);
    } catch (IOException e) {
      return new Reading(bytes.toByteArray(), e);
    }
  }

  private static Source whole(byte[] packed) {
    return new Source(new Breaking(packed, false), packed.length, () -> {});
  }

  private static int wholeLines(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    return end;
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** Gives bytes as a network does: in pieces of any size, and without saying what is to come. */
  private static final class Breaking extends InputStream {
    private final Random random = new Random(1);
    private final byte[] bytes;
    private final boolean fails;
    private int position;

    /**
     * @param fails instead of ending
     */
    Breaking(byte[] bytes, boolean fails) {
      this.bytes = bytes;
      this.fails = fails;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int size) throws IOException {
      if (position == bytes.length) {
        if (fails) {
          throw new SocketException("Connection reset");
        }
        return -1;
      }
      int most = Math.min(size, 1 + random.nextInt(20_000));
      int read = Math.min(most, bytes.length - position);
      System.arraycopy(bytes, position, buffer, offset, read);
      position += read;
      return read;
    }
  }
}
