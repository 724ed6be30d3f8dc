package io.github.camelingest.management;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.util.Set;

/**
 * Turns away requests that pages of other sites make a browser send: those from other origins, and,
 * where the server listens on loopback, those to a name that only happens to resolve to it (DNS
 * rebinding). Thread-safe.
 */
final class SameHost extends Filter {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final InetAddress listening;

  /**
   * @param listening where the server does
   */
  SameHost(InetAddress listening) {
    this.listening = listening;
  }

  @Override
  public String description() {
    return "turns away what other sites make a browser ask";
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    String host = host("http://" + exchange.getRequestHeaders().getFirst("Host"));
    String origin = exchange.getRequestHeaders().getFirst("Origin");
    if (listening.isLoopbackAddress() && !isLoopback(host)) {
      Answer.text(
          exchange,
          HttpURLConnection.HTTP_FORBIDDEN,
          "this server listens on loopback, so ask it as localhost or 127.0.0.1");
    } else if (origin != null && !host(origin).equals(host) && !isLoopback(host(origin))) {
      Answer.text(
          exchange,
          HttpURLConnection.HTTP_FORBIDDEN,
          "pages of other sites may not ask this server");
    } else {
      chain.doFilter(exchange);
    }
  }

  private boolean isLoopback(String host) {
    return LOOPBACK.contains(host) || host.equals(listening.getHostAddress());
  }

  private static String host(String url) {
    try {
      String host = URI.create(url).getHost();
      return host == null ? "" : host;
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
