package io.github.camelingest.management;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Sends answers whose content is known as a whole. */
final class Answer {

  /** That the length of the content is not sent with its header. */
  private static final int NO_CONTENT = -1;

  private Answer() {}

  /** A sentence for a person. */
  static void text(HttpExchange exchange, int status, String sentence) throws IOException {
    send(exchange, status, "text/plain; charset=utf-8", sentence + "\n");
  }

  /** Sends it, and closes the exchange. */
  static void send(HttpExchange exchange, int status, String type, String content)
      throws IOException {
    try (exchange) {
      byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.sendResponseHeaders(status, NO_CONTENT);
      } else {
        exchange.sendResponseHeaders(status, bytes.length == 0 ? NO_CONTENT : bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    }
  }
}
