package io.github.camelingest.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import io.github.camelingest.ledger.KeptLine;
import io.github.camelingest.ledger.RejectedGroup;
import io.github.camelingest.ledger.RejectedLine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Rejected lines for programs, as JSON in UTF-8. It is safe on a terminal, too: whatever {@link
 * VisibleText} escapes is escaped here. Closing it ends the last line and leaves the stream open.
 * Not thread-safe.
 */
final class RejectsJson implements AutoCloseable {

  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .characterEscapes(new Escapes())
          .rootValueSeparator("\n")
          .build();

  private final JsonGenerator json;
  private boolean empty = true;

  RejectsJson(OutputStream out) throws IOException {
    json = JSON.createGenerator(out);
  }

  /** One array with an object for each group. */
  void write(List<RejectedGroup> groups) throws IOException {
    empty = false;
    json.writeStartArray();
    for (RejectedGroup group : groups) {
      json.writeStartObject();
      json.writeStringField("dataset", group.dataset());
      json.writeStringField("reason", group.reason());
      json.writeNumberField("lines", group.lines());
      json.writeNumberField("objects", group.objects());
      json.writeStringField("last", group.last().toString());
      json.writeArrayFieldStart("examples");
      for (RejectedGroup.Example example : group.examples()) {
        json.writeStartObject();
        json.writeStringField("object", example.location());
        json.writeNumberField("line", example.line());
        json.writeStringField("message", example.message());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** An object, on a line of its own. */
  void write(KeptLine kept) throws IOException {
    empty = false;
    RejectedLine line = kept.line();
    json.writeStartObject();
    json.writeStringField("dataset", kept.dataset());
    json.writeStringField("object", kept.location());
    json.writeNumberField("line", line.line());
    json.writeStringField("reason", line.reason());
    json.writeStringField("message", line.message());
    if (line.sqlState() != null) {
      json.writeStringField("sqlstate", line.sqlState());
    }
    json.writeStringField("at", kept.at().toString());
    // A line of just this length looks the same.
    boolean cut = line.raw().length >= RejectedLine.MOST_RAW_BYTES;
    Optional<String> text = text(line.raw(), cut);
    if (text.isPresent()) {
      json.writeStringField("raw", text.get());
    } else {
      json.writeBinaryField("raw_base64", line.raw());
    }
    if (cut) {
      json.writeBooleanField("cut", true);
    }
    json.writeEndObject();
  }

  /**
   * The bytes as text, if they are UTF-8.
   *
   * @param cut whether the last character may be incomplete; it is left out then
   */
  private static Optional<String> text(byte[] bytes, boolean cut) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer text = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, !cut);
    return result.isError() ? Optional.empty() : Optional.of(text.flip().toString());
  }

  @Override
  public void close() throws IOException {
    if (!empty) {
      json.writeRaw('\n');
    }
    json.close();
  }

  private static final class Escapes extends CharacterEscapes {

    private static final long serialVersionUID = 1L;
    private static final int DELETE = 0x7f;

    private final int[] ascii = standardAsciiEscapesForJSON();

    Escapes() {
      ascii[DELETE] = ESCAPE_STANDARD;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return ascii;
    }

    /** Asked for what is not ASCII; pairs of surrogates are escaped without being asked for. */
    @Override
    public SerializableString getEscapeSequence(int c) {
      return VisibleText.isVisible(c) || Character.isSurrogate((char) c)
          ? null
          : new SerializedString(VisibleText.escape((char) c));
    }
  }
}
