package io.github.camelingest.compression;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.Checksum;
import org.apache.commons.codec.digest.XXHash32;

/**
 * Decompresses lz4 frames (LZ4 Frame Format 1.6.4), one or many, with blocks that stand alone or
 * follow from each other. Holds a window of 128 KiB, whatever the size of the blocks.
 */
final class Lz4Input extends InputStream {

  private static final int BUFFER_BYTES = 16 * 1024;

  /** Matches reach back less than this (LZ4 Block Format). */
  private static final int HISTORY_BYTES = 64 * 1024;

  private static final long MAGIC = 0x184d2204L;
  private static final long SKIPPABLE = 0x184d2a50L;
  private static final int SHORTEST_MATCH = 4;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int limit;

  private final byte[] window = new byte[2 * HISTORY_BYTES];
  private int written;
  private int given;

  /** Behind the bytes of the window that the content's hash has. */
  private int hashed;

  private Checksum contentHash;
  private Checksum blockHash;

  /** Where the bytes of the buffer begin that the block's hash has not. */
  private int blockUnhashed;

  /** Decompressed bytes of the frame. */
  private long frameBytes;

  private int largestBlock;
  private boolean inFrame;
  private boolean inBlock;
  private boolean ended;

  /** Bytes of the block that are not read yet. */
  private int blockLeft;

  private int literals;
  private boolean matchFollows;
  private int matchCode;
  private int match;
  private int distance;
  private IOException failure;

  Lz4Input(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int size) throws IOException {
    if (given == written && failure == null && !ended) {
      decode();
    }
    int bytes = Math.min(size, written - given);
    if (bytes == 0 && size > 0) {
      if (failure != null) {
        throw failure;
      }
      return -1;
    }
    System.arraycopy(window, given, target, offset, bytes);
    given += bytes;
    return bytes;
  }

  /** Fills the window until it is full, the end comes, or decoding fails. */
  private void decode() {
    if (written == window.length) {
      System.arraycopy(window, written - HISTORY_BYTES, window, 0, HISTORY_BYTES);
      written = HISTORY_BYTES;
      given = written;
      hashed = written;
    }
    try {
      while (written < window.length && !ended) {
        step();
      }
      hashContent();
    } catch (IOException e) {
      failure = e;
    }
  }

  private void step() throws IOException {
    if (literals > 0) {
      copyLiterals();
    } else if (match > 0) {
      copyMatch();
    } else if (matchFollows) {
      readMatch();
    } else if (blockLeft > 0) {
      readToken();
    } else if (inBlock) {
      endBlock();
    } else if (inFrame) {
      nextBlock();
    } else {
      nextFrame();
    }
  }

  private void copyLiterals() throws IOException {
    if (position == limit) {
      fill();
    }
    int bytes = Math.min(Math.min(literals, window.length - written), limit - position);
    System.arraycopy(buffer, position, window, written, bytes);
    position += bytes;
    literals -= bytes;
    advance(bytes);
  }

  private void copyMatch() {
    int bytes = Math.min(match, window.length - written);
    // A match may reach into itself: then byte by byte is what it means.
    for (int i = 0; i < bytes; i++) {
      window[written + i] = window[written + i - distance];
    }
    match -= bytes;
    advance(bytes);
  }

  private void advance(int bytes) {
    written += bytes;
    frameBytes += bytes;
  }

  private void readToken() throws IOException {
    int token = nextOfBlock();
    literals = length(token >> 4);
    matchCode = token & 0xf;
    if (literals > blockLeft) {
      throw new IOException("a literal is longer than its block");
    }
    blockLeft -= literals;
    // The last sequence of a block is literals only.
    matchFollows = blockLeft > 0;
  }

  private void readMatch() throws IOException {
    distance = nextOfBlock() | nextOfBlock() << 8;
    match = length(matchCode) + SHORTEST_MATCH;
    matchFollows = false;
    if (distance == 0 || distance > frameBytes) {
      throw new IOException("a match reaches back behind the start");
    }
  }

  private int length(int code) throws IOException {
    int length = code;
    int more = code == 0xf ? 0xff : 0;
    while (more == 0xff) {
      more = nextOfBlock();
      length += more;
      if (length < 0) {
        throw new IOException("a length is too large");
      }
    }
    return length;
  }

  private int nextOfBlock() throws IOException {
    if (blockLeft == 0) {
      throw new IOException("a block ends within a sequence");
    }
    blockLeft--;
    return next();
  }

  private void endBlock() throws IOException {
    inBlock = false;
    if (blockHash != null) {
      hashBlock();
      check(blockHash);
    }
  }

  private void nextBlock() throws IOException {
    long header = nextInt();
    if (header == 0) {
      inFrame = false;
      if (contentHash != null) {
        hashContent();
        check(contentHash);
      }
      return;
    }
    int size = (int) (header & 0x7fff_ffffL);
    if (size > largestBlock) {
      throw new IOException("a block is larger than its frame allows");
    }
    boolean stored = header >> 31 == 1;
    inBlock = true;
    matchFollows = false;
    literals = stored ? size : 0;
    blockLeft = stored ? 0 : size;
    if (blockHash != null) {
      blockHash.reset();
      blockUnhashed = position;
    }
  }

  private void nextFrame() throws IOException {
    if (position == limit) {
      limit = Math.max(in.read(buffer), 0);
      position = 0;
      if (limit == 0) {
        ended = true;
        return;
      }
    }
    long magic = nextInt();
    if ((magic & ~0xfL) == SKIPPABLE) {
      for (long left = nextInt(); left > 0; left--) {
        next();
      }
    } else if (magic == MAGIC) {
      startFrame();
    } else {
      throw new IOException("something else follows behind its end");
    }
  }

  private void startFrame() throws IOException {
    Checksum header = new XXHash32();
    int flags = nextOfHeader(header);
    int block = nextOfHeader(header) >> 4 & 7;
    if (flags >> 6 != 1 || (flags & 1) != 0 || block < 4) {
      throw new IOException("unknown version, flags or block size, or a dictionary");
    }
    int contentSizeBytes = (flags & 8) == 0 ? 0 : 8;
    for (int i = 0; i < contentSizeBytes; i++) {
      nextOfHeader(header);
    }
    if (next() != (header.getValue() >> 8 & 0xff)) {
      throw new IOException("the header's checksum is another one");
    }
    largestBlock = 1 << (8 + 2 * block);
    blockHash = (flags & 0x10) == 0 ? null : new XXHash32();
    contentHash = (flags & 4) == 0 ? null : new XXHash32();
    hashed = written;
    frameBytes = 0;
    inFrame = true;
  }

  private int nextOfHeader(Checksum header) throws IOException {
    int value = next();
    header.update(value);
    return value;
  }

  private void check(Checksum hash) throws IOException {
    if (nextInt() != hash.getValue()) {
      throw new IOException("the checksum is another one");
    }
  }

  private void hashContent() {
    if (contentHash != null) {
      contentHash.update(window, hashed, written - hashed);
    }
    hashed = written;
  }

  private void hashBlock() {
    blockHash.update(buffer, blockUnhashed, position - blockUnhashed);
    blockUnhashed = position;
  }

  private long nextInt() throws IOException {
    return next() | next() << 8 | next() << 16 | (long) next() << 24;
  }

  private int next() throws IOException {
    if (position == limit) {
      fill();
    }
    return buffer[position++] & 0xff;
  }

  private void fill() throws IOException {
    if (inBlock && blockHash != null) {
      hashBlock();
    }
    position = 0;
    blockUnhashed = 0;
    limit = Math.max(in.read(buffer), 0);
    if (limit == 0) {
      throw new EOFException();
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
