package io.github.camelingest.compression;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.tukaani.xz.MemoryLimitException;

/**
 * What an object holds, decompressed: gzip, zstd, bzip2, xz and lz4 are recognised by their first
 * bytes, whatever the object is called. Before it throws, it has given every line that ends before
 * the damage. Needs at most a window of 8 MiB. Not thread-safe.
 */
public final class Content extends InputStream {

  private static final int BUFFER_BYTES = 16 * 1024;

  /** Less than this is no bomb, however small it was. */
  private static final long HARMLESS_BYTES = 1 << 20;

  private final Source source;
  private final Compression compression;
  private final InputStream in;
  private final long maxRatio;
  private long count;

  private Content(Source source, Compression compression, InputStream in, long maxRatio) {
    this.source = source;
    this.compression = compression;
    this.in = in;
    this.maxRatio = maxRatio;
  }

  /**
   * @param maxRatio so many times its compressed size an object may have; {@link Long#MAX_VALUE}
   *     for no limit
   * @throws ContentException if the first bytes say already that it cannot be read
   * @throws CutOffException if the first bytes do not come
   * @throws IllegalStateException if the decompressor does not work on this machine
   */
  public static Content of(Source source, long maxRatio) throws IOException {
    BufferedInputStream in = new BufferedInputStream(source, BUFFER_BYTES);
    in.mark(Compression.LOOKS_AT);
    byte[] first = in.readNBytes(Compression.LOOKS_AT);
    in.reset();
    Compression compression = Compression.of(first);
    try {
      return new Content(source, compression, compression.decompress(in), maxRatio);
    } catch (IOException | RuntimeException e) {
      throw explained(e, source, compression);
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "%s's native library cannot be used here (%s); the system property ZstdTempFolder names a folder to unpack it to"
              .formatted(compression.label(), e.getMessage()),
          e);
    }
  }

  /**
   * Whether an object is not compressed.
   *
   * @param object all bytes of it
   */
  public static boolean isPlain(byte[] object) {
    return Compression.of(object) == Compression.NONE;
  }

  /** Whether it is not compressed, so that a byte of it is a byte of the object. */
  public boolean isPlain() {
    return compression == Compression.NONE;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * @throws ContentException if the content cannot be read on
   * @throws CutOffException if its bytes stopped coming
   */
  @Override
  public int read(byte[] buffer, int offset, int size) throws IOException {
    int read;
    try {
      read = in.read(buffer, offset, size);
    } catch (IOException | RuntimeException e) {
      throw explained(e, source, compression);
    }
    if (read < 0) {
      source.check();
      return read;
    }
    count += read;
    if (count > HARMLESS_BYTES && count / maxRatio >= source.count() && !isPlain()) {
      throw ContentException.refused(
          "it decompresses to more than %d times its size (ingest.max-compression-ratio)"
              .formatted(maxRatio),
          null);
    }
    return read;
  }

  private static IOException explained(Exception failure, Source source, Compression compression)
      throws CutOffException {
    // Whatever a decompressor makes of it.
    source.check();
    if (failure instanceof ContentException known) {
      return known;
    }
    String label = compression.label();
    if (isTooLarge(failure)) {
      return ContentException.refused(
          "it needs a window of more than 8 MiB; compress it with a lower level, at most zstd -19 without --long, or xz -6",
          failure);
    }
    if (source.isAtEnd() && isEarlyEnd(failure)) {
      return ContentException.damaged("the %s data end too early".formatted(label), failure);
    }
    String detail = failure.getMessage() == null ? "they cannot be decoded" : failure.getMessage();
    return ContentException.damaged(
        "the %s data are corrupt (%s)".formatted(label, detail), failure);
  }

  private static boolean isTooLarge(Exception failure) {
    return failure instanceof MemoryLimitException
        || failure instanceof ZstdIOException zstd
            && zstd.getErrorCode() == Zstd.errFrameParameterWindowTooLarge();
  }

  /** Libraries have no exception of its own for it. */
  private static boolean isEarlyEnd(Exception failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return failure instanceof EOFException
        || message.contains("truncated")
        || message.contains("unexpected end")
        || message.contains("premature end");
  }

  /** Gives up the rest, and all memory outside the heap. */
  @Override
  public void close() throws IOException {
    in.close();
  }
}
