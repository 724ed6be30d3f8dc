package io.github.camelingest.it;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The head of an HTTP/1.1 request or response, byte for byte as it came, and how to pass on the
 * body that follows it.
 *
 * @param headers by name in any case; of a name that comes twice the last
 */
record HttpMessage(byte[] head, String firstLine, Map<String, String> headers) {

  private static final int LONGEST_HEAD_BYTES = 64 * 1024;
  private static final int LONGEST_LINE_BYTES = 8 * 1024;
  private static final int BUFFER_BYTES = 64 * 1024;

  /** Takes the bytes of a body as they come. */
  interface Sink {
    /** What the body is about. */
    void payload(byte[] buffer, int length) throws IOException;

    /** Sizes and line ends between the chunks. */
    void framing(byte[] bytes) throws IOException;
  }

  /** The next message's head, or null at the end of the stream. */
  static HttpMessage read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    String firstLine = null;
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    while (true) {
      byte[] bytes = line(in);
      if (bytes.length == 0 && head.size() == 0) {
        return null;
      }
      head.write(bytes);
      if (bytes.length == 0 || head.size() > LONGEST_HEAD_BYTES) {
        throw new EOFException("no end of the HTTP head");
      }
      String line = new String(bytes, StandardCharsets.ISO_8859_1).stripTrailing();
      if (firstLine == null) {
        firstLine = line;
      } else if (line.isEmpty()) {
        return new HttpMessage(head.toByteArray(), firstLine, Collections.unmodifiableMap(headers));
      } else {
        int colon = line.indexOf(':');
        if (colon > 0) {
          headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
      }
    }
  }

  /** A line with its end; empty at the end of the stream. */
  private static byte[] line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int b;
    while (line.size() < LONGEST_LINE_BYTES && (b = in.read()) >= 0) {
      line.write(b);
      if (b == '\n') {
        break;
      }
    }
    return line.toByteArray();
  }

  boolean has(String header, String value) {
    return headers.getOrDefault(header, "").equalsIgnoreCase(value);
  }

  /** The second word of the first line: a request's target or a response's status. */
  String secondWord() {
    String[] words = firstLine.split(" ", 3);
    return words.length < 2 ? "" : words[1];
  }

  int status() {
    return Integer.parseInt(secondWord());
  }

  private boolean isChunked() {
    return has("Transfer-Encoding", "chunked");
  }

  /** Whether a response's body ends only with the connection. */
  boolean endsWithConnection() {
    return !isChunked() && !headers.containsKey("Content-Length");
  }

  /** Passes on the body of a request. */
  void copyRequestBody(InputStream in, Sink out) throws IOException {
    if (isChunked()) {
      copyChunks(in, out);
    } else {
      copy(in, Long.parseLong(headers.getOrDefault("Content-Length", "0")), out);
    }
  }

  /**
   * Passes on the body of a response.
   *
   * @param method of the request, which tells whether there is a body
   */
  void copyResponseBody(String method, InputStream in, Sink out) throws IOException {
    if (method.equals("HEAD") || status() == 204 || status() == 304) {
      return;
    }
    if (isChunked()) {
      copyChunks(in, out);
    } else if (endsWithConnection()) {
      byte[] buffer = new byte[BUFFER_BYTES];
      int length;
      while ((length = in.read(buffer)) >= 0) {
        out.payload(buffer, length);
      }
    } else {
      copy(in, Long.parseLong(headers.get("Content-Length")), out);
    }
  }

  private static void copy(InputStream in, long count, Sink out) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long left = count;
    while (left > 0) {
      int length = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (length < 0) {
        throw new EOFException(left + " bytes of the body are missing");
      }
      out.payload(buffer, length);
      left -= length;
    }
  }

  private static void copyChunks(InputStream in, Sink out) throws IOException {
    while (true) {
      byte[] sizeLine = line(in);
      out.framing(sizeLine);
      String size = new String(sizeLine, StandardCharsets.ISO_8859_1).split(";", 2)[0].strip();
      long length = Long.parseLong(size, 16);
      if (length == 0) {
        break;
      }
      copy(in, length, out);
      out.framing(line(in));
    }
    byte[] trailer;
    do {
      trailer = line(in);
      out.framing(trailer);
    } while (trailer.length > 2);
  }

  /** Sends on to a stream. */
  static Sink to(OutputStream out) {
    return new Sink() {
      @Override
      public void payload(byte[] buffer, int length) throws IOException {
        out.write(buffer, 0, length);
      }

      @Override
      public void framing(byte[] bytes) throws IOException {
        out.write(bytes);
      }
    };
  }
}
