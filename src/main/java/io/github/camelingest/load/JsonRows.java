package io.github.camelingest.load;

import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.camel.Exchange;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.support.service.ServiceSupport;

/**
 * Reads each line of a {@link Chunk} as JSON. A line that is none, or none of that kind, becomes a
 * rejected line. Thread-safe.
 */
public class JsonRows extends ServiceSupport implements DataFormat {

  private final Class<?> type;
  private final ObjectReader reader;

  /**
   * @param type what a line becomes, as Jackson reads it
   */
  public JsonRows(Class<?> type) {
    this.type = type;
    this.reader = JsonLines.mapper().readerFor(type);
  }

  /** What a line becomes. */
  public Class<?> type() {
    return type;
  }

  @Override
  public Object unmarshal(Exchange exchange, Object body) throws IOException {
    Chunk chunk = (Chunk) body;
    for (int i = 0; i < chunk.size(); i++) {
      chunk.read(i, this::row);
    }
    return chunk;
  }

  /**
   * Reads a line.
   *
   * @param bytes of which some are the line
   * @param start where it starts
   * @param end behind it
   * @throws IOException if it is not JSON, or not of this kind
   */
  protected Object row(byte[] bytes, int start, int end) throws IOException {
    return reader.readValue(bytes, start, end - start);
  }

  @Override
  public Object unmarshal(Exchange exchange, InputStream stream) {
    throw new UnsupportedOperationException("only lines of an object are read");
  }

  @Override
  public void marshal(Exchange exchange, Object graph, OutputStream stream) {
    throw new UnsupportedOperationException("rows are only read");
  }
}
