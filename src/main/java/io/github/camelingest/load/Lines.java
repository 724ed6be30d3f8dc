package io.github.camelingest.load;

import io.github.camelingest.compression.ContentException;
import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.camel.Exchange;

/**
 * What a route splits: the lines of the object that its body, a {@link Load}, has opened, in {@link
 * Chunk}s. Blank lines and lines that are committed already are left out; numbers never shift.
 * Thread-safe; each iterator belongs to one thread.
 */
public final class Lines {

  /** Enough that what a chunk takes is little for each of its lines. */
  private static final int MOST_LINES = 500;

  private static final int MOST_BYTES = 256 * 1024;
  private static final int LEAST_BYTES = 4 * 1024;

  private final int maxLineBytes;
  private final int linesOfChunk;

  /**
   * @param maxLineBytes longest line that becomes a row; a longer one is rejected without being
   *     held
   * @param batchSize no chunk has more lines than a batch is to have
   */
  public Lines(int maxLineBytes, int batchSize) {
    this.maxLineBytes = maxLineBytes;
    this.linesOfChunk = Math.min(batchSize, MOST_LINES);
  }

  /** All lines that have content. */
  public Iterator<Chunk> all(Exchange exchange) {
    return new Chunks(exchange, false);
  }

  /**
   * All lines that have content and are not comments: a line whose first character, behind blanks,
   * is {@code #} counts as blank.
   */
  public Iterator<Chunk> uncommented(Exchange exchange) {
    return new Chunks(exchange, true);
  }

  /**
   * Reads one chunk ahead, since the splitter asks for the next one before it works on this one.
   */
  private final class Chunks implements Iterator<Chunk> {
    private final Load load;
    private final LineReader reader;
    private Chunk ahead;
    private boolean ended;

    /** The next chunk will have about as many bytes as the last one. */
    private int bytesOfChunk = LEAST_BYTES;

    /** Why the lines end before the object does, or null: thrown behind the last chunk. */
    private ReadException failure;

    Chunks(Exchange exchange, boolean comments) {
      this.load = exchange.getMessage().getBody(Load.class);
      this.reader =
          new LineReader(
              load.content(),
              load.claim().start(),
              maxLineBytes,
              comments,
              load.claim().committed());
    }

    @Override
    public boolean hasNext() {
      if (ahead == null) {
        ahead = ended ? null : read();
      }
      if (ahead == null && failure != null) {
        ReadException once = failure;
        failure = null;
        throw once;
      }
      return ahead != null;
    }

    @Override
    public Chunk next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      // The chunk before this one may have failed since this one was read.
      check();
      Chunk chunk = ahead;
      ahead = null;
      return chunk;
    }

    /** The splitter asks again after a failure; it must not get the rest of the object. */
    private void check() {
      try {
        load.check();
      } catch (RuntimeException e) {
        ended = true;
        ahead = null;
        throw e;
      }
    }

    private Chunk read() {
      check();
      if (load.isPastLimit()) {
        ended = true;
        return null;
      }
      Chunk chunk = new Chunk(load, linesOfChunk, bytesOfChunk);
      try {
        while (!ended && chunk.size() < linesOfChunk && chunk.bytes() < MOST_BYTES) {
          Line line = reader.next();
          if (line != null) {
            chunk.add(line);
          } else {
            ended = true;
            load.read(reader.position(), reader.ordinal(), reader.blanks());
          }
        }
        bytesOfChunk = Math.max(chunk.bytes(), LEAST_BYTES);
      } catch (ContentException e) {
        // The lines before it go on their way.
        ended = true;
        load.cutShort(new ReadException(e.messageBehind(reader.position().lines()), e));
      } catch (IOException e) {
        ended = true;
        failure =
            new ReadException(
                "reading stopped behind line %d: %s"
                    .formatted(reader.position().lines(), e.getMessage()),
                e);
      }
      return chunk.size() > 0 ? chunk : null;
    }
  }
}
