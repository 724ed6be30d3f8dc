package io.github.camelingest.rehearsal;

import io.github.camelingest.load.Chunk;
import io.github.camelingest.load.Lines;
import java.util.Iterator;
import java.util.function.Consumer;
import org.apache.camel.Exchange;

/** {@link Lines}, of which somebody hears. Thread-safe where that one is. */
public final class HeardLines {

  private final Lines lines;
  private final Consumer<Chunk> listener;

  HeardLines(Lines lines, Consumer<Chunk> listener) {
    this.lines = lines;
    this.listener = listener;
  }

  /** {@link Lines#all}. */
  public Iterator<Chunk> all(Exchange exchange) {
    return heard(lines.all(exchange));
  }

  /** {@link Lines#uncommented}. */
  public Iterator<Chunk> uncommented(Exchange exchange) {
    return heard(lines.uncommented(exchange));
  }

  private Iterator<Chunk> heard(Iterator<Chunk> chunks) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return chunks.hasNext();
      }

      @Override
      public Chunk next() {
        Chunk chunk = chunks.next();
        listener.accept(chunk);
        return chunk;
      }
    };
  }
}
