package io.github.camelingest.compression;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** How content is compressed, told by its first bytes. */
enum Compression {
  NONE,
  GZIP,
  ZSTD,
  BZIP2,
  XZ,
  LZ4,
  ZIP;

  /** How many of the first bytes {@link #of} looks at. */
  static final int LOOKS_AT = 64;

  /**
   * Decompressors remember this much. RFC 8878 (3.1.1.1.2) recommends that every decoder supports 8
   * MiB; zstd up to level 19 and xz up to level 6, its default, need no more. Four objects at once
   * then take 32 MiB beside all else.
   */
  static final int WINDOW_LOG = 23;

  /** xz's own tables and buffers come on top of the dictionary, well below a MiB. */
  private static final int XZ_KIB = ((1 << WINDOW_LOG) + (1 << 20)) >> 10;

  /**
   * @param first the first bytes, at least {@link #LOOKS_AT} of them where there are so many
   */
  static Compression of(byte[] first) {
    if (startsWith(first, 0, 0x1f, 0x8b)) {
      return GZIP;
    }
    if (startsWith(first, 0, 'B', 'Z', 'h')
        && first.length > 3
        && first[3] >= '1'
        && first[3] <= '9') {
      return BZIP2;
    }
    if (startsWith(first, 0, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      return XZ;
    }
    if (startsWith(first, 0, 'P', 'K', 3, 4) || startsWith(first, 0, 'P', 'K', 5, 6)) {
      return ZIP;
    }
    int frame = behindSkippable(first);
    if (startsWith(first, frame, 0x04, 0x22, 0x4d, 0x18)) {
      return LZ4;
    }
    return frame > 0 || startsWith(first, 0, 0x28, 0xb5, 0x2f, 0xfd) ? ZSTD : NONE;
  }

  /** Where the first frame that is not to be skipped starts; zstd and lz4 share that kind. */
  private static int behindSkippable(byte[] first) {
    int at = 0;
    while (at + 8 <= first.length
        && first[at] >> 4 == 5
        && startsWith(first, at + 1, 0x2a, 0x4d, 0x18)) {
      long size = LittleEndian.unsignedInt(first, at + 4);
      if (size > first.length) {
        return first.length;
      }
      at += 8 + (int) size;
    }
    return Math.min(at, first.length);
  }

  private static boolean startsWith(byte[] bytes, int at, int... magic) {
    if (bytes.length - at < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((bytes[at + i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * What the bytes decompress to. It gives every line that ends before a damage, and only then
   * throws. It may hold memory outside the heap until it is closed.
   */
  InputStream decompress(InputStream in) throws IOException {
    return switch (this) {
      case NONE -> in;
      case GZIP ->
          new SalvagingInput(
              GzipCompressorInputStream.builder()
                  .setInputStream(in)
                  .setDecompressConcatenated(true)
                  .get());
      case ZSTD ->
          new SalvagingInput(
              new ZstdInputStreamNoFinalizer(new SmallPieces(new WholeFrames(in)))
                  .setLongMax(WINDOW_LOG));
      case BZIP2 -> new SalvagingInput(new BZip2CompressorInputStream(in, true));
      case XZ -> new SalvagingInput(new XZInputStream(in, XZ_KIB));
      case LZ4 -> new SalvagingInput(new FramedLZ4CompressorInputStream(in, true));
      case ZIP ->
          throw ContentException.refused(
              "it is a zip archive; upload its files one by one, plain or as gzip, zstd, bzip2, xz or lz4",
              null);
    };
  }

  /** As its users write it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
