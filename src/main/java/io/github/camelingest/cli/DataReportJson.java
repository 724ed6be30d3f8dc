package io.github.camelingest.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.github.camelingest.ledger.RejectedLine;
import java.io.IOException;
import java.io.PrintWriter;

/** How lines would fare, for programs: an array with an object per file. */
final class DataReportJson implements DataReport {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          // Safe on a terminal, too.
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  private final PrintWriter out;
  private final JsonGenerator json;

  DataReportJson(PrintWriter out) throws IOException {
    this.out = out;
    json = JSON.createGenerator(out);
    json.writeStartArray();
  }

  @Override
  public void begin(String file) throws IOException {
    json.writeStartObject();
    json.writeStringField("file", file);
    json.writeArrayFieldStart("rejected_lines");
  }

  @Override
  public void rejected(RejectedLine line) throws IOException {
    json.writeStartObject();
    json.writeNumberField("line", line.line());
    json.writeStringField("reason", line.reason());
    json.writeStringField("message", line.message());
    json.writeEndObject();
  }

  @Override
  public void end(Counts counts, long untold, String notLoaded) throws IOException {
    json.writeEndArray();
    json.writeNumberField("more_rejected_lines", untold);
    if (counts != null) {
      json.writeNumberField("lines", counts.lines());
      json.writeNumberField("rows", counts.rows());
      json.writeNumberField("rejected", counts.rejected());
      json.writeNumberField("filtered", counts.filtered());
      json.writeNumberField("blank", counts.blank());
    }
    json.writeStringField("not_loaded", notLoaded);
    json.writeEndObject();
  }

  @Override
  public void close() throws IOException {
    json.writeEndArray();
    json.close();
    out.println();
    out.flush();
  }
}
