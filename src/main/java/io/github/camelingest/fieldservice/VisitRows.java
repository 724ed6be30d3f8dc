package io.github.camelingest.fieldservice;

import io.github.camelingest.load.JsonRows;
import java.io.IOException;

/** Reads lines of JSON as visits. Thread-safe. */
public final class VisitRows extends JsonRows {

  public VisitRows() {
    super(Visit.class);
  }

  @Override
  protected Object row(byte[] bytes, int start, int end) throws IOException {
    Visit usual = VisitScanner.scan(bytes, start, end);
    return usual == null ? super.row(bytes, start, end) : usual;
  }
}
