package io.github.camelingest.management;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.github.camelingest.ledger.Instance;
import io.github.camelingest.ledger.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The status as a page for a browser, which only reads: what is loaded, loading and waiting, how
 * fast, what went wrong, and the routes. It shows itself anew every few seconds. Thread-safe.
 */
public final class StatusPage implements HttpHandler, AutoCloseable {

  /** So many last ones it wants to know of. */
  public static final int MINUTES = Throughput.MINUTES;

  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Nobody waits longer for news of the ledger; what was seen before is shown then. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int NO_BODY = -1;
  private static final Set<String> METHODS = Set.of("GET", "HEAD");

  private static final String PAGE =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>%s</title>
      <link rel="icon" href="data:,">
      <noscript><meta http-equiv="refresh" content="5"></noscript>
      <style>%s</style>
      </head>
      <body>
      <header>
      <h1>camel-ingest</h1>
      <p id="age" class="faint">%s</p>
      <p id="trouble" class="bad" role="status">%s</p>
      </header>
      <main>
      %s</main>
      <script>%s</script>
      </body>
      </html>
      """;

  private final LastAnswer<Status> ledger;
  private final Supplier<Instance> self;
  private final Markup style = new Markup(resource("status.css"));
  private final Markup script = new Markup(resource("status.js"));
  private final String policy =
      """
      default-src 'none'; style-src '%s'; script-src '%s'; connect-src 'self'; img-src data:; \
      base-uri 'none'; form-action 'none'; frame-ancestors 'none'"""
          .formatted(hash(style), hash(script));

  /**
   * @param ledger what the ledger knows; fails with an exception where the database is away
   * @param self what this instance is at, which the page shows even then
   */
  public StatusPage(Supplier<Status> ledger, Supplier<Instance> self) {
    this.ledger = new LastAnswer<>("status", PAUSE, ledger);
    this.self = self;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Headers headers = exchange.getResponseHeaders();
      if (!exchange.getRequestURI().getPath().equals("/")) {
        exchange.sendResponseHeaders(NOT_FOUND, NO_BODY);
      } else if (!METHODS.contains(exchange.getRequestMethod())) {
        headers.set("Allow", "GET, HEAD");
        exchange.sendResponseHeaders(METHOD_NOT_ALLOWED, NO_BODY);
      } else {
        byte[] page = page().html().getBytes(StandardCharsets.UTF_8);
        headers.set("Content-Type", "text/html; charset=utf-8");
        headers.set("Content-Security-Policy", policy);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cache-Control", "no-store");
        if (exchange.getRequestMethod().equals("HEAD")) {
          headers.set("Content-Length", Integer.toString(page.length));
          exchange.sendResponseHeaders(OK, NO_BODY);
        } else {
          exchange.sendResponseHeaders(OK, page.length);
          exchange.getResponseBody().write(page);
        }
      }
    }
  }

  private Markup page() {
    LastAnswer.Seen<Status> seen = ledger.seen(PATIENCE);
    Instance now = self.get();
    return Markup.of(
        PAGE,
        seen.failure() == null ? "camel-ingest" : "camel-ingest: PostgreSQL does not answer",
        style,
        age(seen),
        seen.failure() == null ? "" : "PostgreSQL does not answer: " + seen.failure(),
        seen.answer() == null
            ? StatusMarkup.routes(List.of(now))
            : new StatusMarkup(seen.answer(), now).all(),
        script);
  }

  private static Markup age(LastAnswer.Seen<Status> seen) {
    return seen.answer() == null
        ? Markup.of("Nothing is known of the ledger yet.")
        : Markup.of(
            "What the ledger knew at <time>%s</time>, %s s ago.",
            seen.answer().at().truncatedTo(ChronoUnit.SECONDS), seen.age().toSeconds());
  }

  private static String resource(String name) {
    try (InputStream in = StatusPage.class.getResourceAsStream("/management/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As a policy names what may stand in the page. */
  private static String hash(Markup inline) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(inline.html().getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    ledger.close();
  }
}
