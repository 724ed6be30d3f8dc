package io.github.camelingest.compression;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream;
import org.apache.commons.compress.compressors.lz77support.Parameters;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZInputStream;
import org.tukaani.xz.XZOutputStream;

/** Each format as a library that is not under test packs and unpacks it. */
public enum Packed {
  GZIP {
    @Override
    OutputStream packing(OutputStream out) throws IOException {
      return new GZIPOutputStream(out);
    }

    @Override
    InputStream unpacking(InputStream in) throws IOException {
      return new GZIPInputStream(in);
    }

    @Override
    int lastOfChecksum(byte[] packed) {
      return packed.length - 5;
    }
  },
  ZSTD {
    @Override
    OutputStream packing(OutputStream out) throws IOException {
      return new ZstdOutputStream(out).setChecksum(true);
    }

    @Override
    InputStream unpacking(InputStream in) throws IOException {
      return new ZstdInputStreamNoFinalizer(in);
    }

    @Override
    int lastOfChecksum(byte[] packed) {
      return packed.length - 1;
    }
  },
  BZIP2 {
    @Override
    OutputStream packing(OutputStream out) throws IOException {
      return new BZip2CompressorOutputStream(out, 1);
    }

    @Override
    InputStream unpacking(InputStream in) throws IOException {
      return new BZip2CompressorInputStream(in, true);
    }

    @Override
    int lastOfChecksum(byte[] packed) {
      // The stream ends with 32 bits of checksum and up to 7 of padding.
      return packed.length - 3;
    }
  },
  XZ {
    @Override
    OutputStream packing(OutputStream out) throws IOException {
      return new XZOutputStream(out, new LZMA2Options(1));
    }

    @Override
    InputStream unpacking(InputStream in) throws IOException {
      return new XZInputStream(in);
    }

    @Override
    int lastOfChecksum(byte[] packed) {
      // Behind the block's check come the index, whose size the footer tells, and the footer.
      int footer = 12;
      int index = 4 * (int) (LittleEndian.unsignedInt(packed, packed.length - 8) + 1);
      return packed.length - footer - index - 1;
    }
  },
  LZ4 {
    @Override
    OutputStream packing(OutputStream out) throws IOException {
      return new FramedLZ4CompressorOutputStream(
          out,
          new FramedLZ4CompressorOutputStream.Parameters(
              FramedLZ4CompressorOutputStream.BlockSize.K64, true, false, false, FAST));
    }

    @Override
    InputStream unpacking(InputStream in) throws IOException {
      return new FramedLZ4CompressorInputStream(in, true);
    }

    @Override
    int lastOfChecksum(byte[] packed) {
      return packed.length - 1;
    }
  };

  private static final Parameters FAST =
      BlockLZ4CompressorOutputStream.createParameterBuilder().tunedForSpeed().build();

  abstract OutputStream packing(OutputStream out) throws IOException;

  abstract InputStream unpacking(InputStream in) throws IOException;

  /** Where a byte of the last checksum of the content is. */
  abstract int lastOfChecksum(byte[] packed);

  /** The content as a file of the format. */
  public byte[] pack(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = packing(bytes)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** With a checksum of each block. */
  static byte[] lz4OfLinkedBlocks(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        new FramedLZ4CompressorOutputStream(
            bytes,
            new FramedLZ4CompressorOutputStream.Parameters(
                FramedLZ4CompressorOutputStream.BlockSize.K64, true, true, true, FAST))) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  /** Bytes that come out before it ends or fails, asked for one by one. */
  byte[] unpackByteByByte(byte[] packed) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (InputStream in = unpacking(new ByteArrayInputStream(packed))) {
      for (int b = in.read(); b >= 0; b = in.read()) {
        bytes.write(b);
      }
    } catch (IOException | RuntimeException e) {
      // what came before counts
    }
    return bytes.toByteArray();
  }
}
