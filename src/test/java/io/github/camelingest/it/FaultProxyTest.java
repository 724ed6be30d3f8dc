package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.camelingest.it.FaultProxy.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {

  private static final int SIZE = 1_000_000;
  private static final long LARGE = 200_000_000;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private HttpServer server;
  private FaultProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task);
              thread.setDaemon(true);
              return thread;
            }));
    server.createContext("/", this::serve);
    server.start();
    proxy = FaultProxy.to(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
  }

  @AfterEach
  void stop() {
    proxy.close();
    server.stop(0);
  }

  /** Remembers what it hears and answers as the path says. */
  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      heard.add(
          "%s %s host=%s body=%d"
              .formatted(
                  exchange.getRequestMethod(),
                  exchange.getRequestURI(),
                  exchange.getRequestHeaders().getFirst("Host"),
                  body.length));
      switch (exchange.getRequestURI().getPath()) {
        case "/chunked" -> send(exchange, 200, 0, SIZE);
        case "/large" -> send(exchange, 200, LARGE, LARGE);
        case "/range" -> {
          exchange.getResponseHeaders().set("Content-Range", "bytes 10-19/" + SIZE);
          send(exchange, 206, 10, 10);
        }
        case "/none" -> exchange.sendResponseHeaders(204, -1);
        default -> send(exchange, 200, SIZE, SIZE);
      }
    }
  }

  private static void send(HttpExchange exchange, int status, long length, long bytes)
      throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Long.toString(length));
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, length);
    byte[] buffer = new byte[100_000];
    Arrays.fill(buffer, (byte) 'x');
    OutputStream out = exchange.getResponseBody();
    for (long left = bytes; left > 0; left -= buffer.length) {
      out.write(buffer, 0, (int) Math.min(buffer.length, left));
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(proxy.endpoint().resolve(path)).timeout(PATIENCE);
  }

  private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofByteArray());
  }

  @Test
  void passesRequestsAndResponsesOnUnchanged() throws Exception {
    HttpResponse<byte[]> whole = get("/a%20b?list-type=2&x=%2F");
    HttpResponse<byte[]> chunked = get("/chunked");
    HttpResponse<byte[]> range = get("/range");
    HttpResponse<byte[]> none = get("/none");
    HttpResponse<byte[]> head =
        client.send(
            request("/head").method("HEAD", BodyPublishers.noBody()).build(),
            BodyHandlers.ofByteArray());

    assertThat(whole.body()).hasSize(SIZE);
    assertThat(chunked.body()).hasSize(SIZE);
    assertThat(chunked.headers().firstValue("Transfer-Encoding")).contains("chunked");
    assertThat(range.statusCode()).isEqualTo(206);
    assertThat(range.headers().firstValue("Content-Range")).contains("bytes 10-19/1000000");
    assertThat(none.statusCode()).isEqualTo(204);
    assertThat(head.headers().firstValue("Content-Length")).contains("1000000");
    assertThat(heard.get(0))
        .isEqualTo(
            "GET /a%%20b?list-type=2&x=%%2F host=127.0.0.1:%d body=0"
                .formatted(proxy.endpoint().getPort()));
    assertThat(proxy.bodyBytesSent()).isEqualTo(2 * SIZE + 10);
    assertThat(proxy.faults()).isZero();
  }

  @Test
  void passesRequestBodiesOnHoweverTheyAreFramed() throws Exception {
    for (boolean expectContinue : new boolean[] {false, true}) {
      client.send(
          request("/sized")
              .expectContinue(expectContinue)
              .PUT(BodyPublishers.ofByteArray(new byte[SIZE]))
              .build(),
          BodyHandlers.discarding());
      client.send(
          request("/chunks")
              .expectContinue(expectContinue)
              .PUT(
                  BodyPublishers.ofInputStream(
                      () -> new java.io.ByteArrayInputStream(new byte[SIZE])))
              .build(),
          BodyHandlers.discarding());
    }

    assertThat(heard)
        .hasSize(4)
        .allSatisfy(request -> assertThat(request).endsWith("body=" + SIZE));
  }

  @Test
  void streamsLargeBodies() throws Exception {
    HttpResponse<InputStream> response =
        client.send(request("/large").build(), BodyHandlers.ofInputStream());

    long length = 0;
    try (InputStream body = response.body()) {
      byte[] buffer = new byte[100_000];
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        length += n;
      }
    }

    assertThat(length).isEqualTo(LARGE);
  }

  @Test
  void answersInThePlaceOfTheServer() throws Exception {
    proxy.on(request -> request.path().equals("/s3"), Fault.answer(503));
    proxy.on(request -> request.isSqs("ReceiveMessage"), Fault.answer(500));

    HttpResponse<byte[]> s3 = get("/s3");
    HttpResponse<byte[]> sqs =
        client.send(
            request("/")
                .header("X-Amz-Target", "AmazonSQS.ReceiveMessage")
                .POST(BodyPublishers.ofString("{}"))
                .build(),
            BodyHandlers.ofByteArray());
    HttpResponse<byte[]> other = get("/other");

    assertThat(s3.statusCode()).isEqualTo(503);
    assertThat(new String(s3.body())).contains("<Code>ServiceUnavailable</Code>");
    assertThat(sqs.statusCode()).isEqualTo(500);
    assertThat(new String(sqs.body())).contains("com.amazonaws.sqs#InternalError");
    assertThat(other.body()).hasSize(SIZE);
    assertThat(heard).hasSize(1);
    assertThat(proxy.faults()).isEqualTo(2);
  }

  @Test
  void swallowsARequest() throws Exception {
    proxy.on(request -> request.isSqs("DeleteMessage"), Fault.swallow());

    HttpResponse<byte[]> response =
        client.send(
            request("/")
                .header("X-Amz-Target", "AmazonSQS.DeleteMessage")
                .POST(BodyPublishers.ofString("{}"))
                .build(),
            BodyHandlers.ofByteArray());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(heard).isEmpty();
  }

  @Test
  void letsAListenerHearSqsBeforeTheOtherSideDoes() throws Exception {
    List<String> listened = new CopyOnWriteArrayList<>();
    proxy.listener(
        new FaultProxy.Listener() {
          @Override
          public void asked(FaultProxy.Request request, byte[] body) {
            listened.add("asked %s, %d heard".formatted(new String(body), heard.size()));
          }

          @Override
          public void answered(FaultProxy.Request request, byte[] body) {
            listened.add("answered %d, %d sent".formatted(body.length, proxy.bodyBytesSent()));
          }
        });

    HttpResponse<byte[]> response =
        client.send(
            request("/chunked")
                .header("X-Amz-Target", "AmazonSQS.ReceiveMessage")
                .POST(BodyPublishers.ofString("{}"))
                .build(),
            BodyHandlers.ofByteArray());
    get("/not-sqs");

    assertThat(response.body()).hasSize(SIZE);
    assertThat(listened).containsExactly("asked {}, 0 heard", "answered 1000000, 0 sent");
  }

  @Test
  void refusesUntilItIsHealed() throws Exception {
    proxy.on(request -> true, Fault.refuse());

    assertThatThrownBy(() -> get("/a")).isInstanceOf(IOException.class);
    assertThat(heard).isEmpty();

    proxy.heal();
    assertThat(get("/a").statusCode()).isEqualTo(200);
  }

  @Test
  void losesTheResponseOfARequestThatTheServerHeard() {
    proxy.on(request -> request.method().equals("POST"), Fault.loseResponse());

    assertThatThrownBy(
            () ->
                client.send(
                    request("/a").POST(BodyPublishers.ofString("x")).build(),
                    BodyHandlers.discarding()))
        .isInstanceOf(IOException.class);

    assertThat(heard).isNotEmpty();
  }

  @Test
  void cutsTheBodyAfterSoManyBytes() {
    proxy.on(request -> true, Fault.cutAfter(1_000));

    for (String path : List.of("/sized", "/chunked")) {
      long before = proxy.bodyBytesSent();
      assertThatThrownBy(() -> get(path)).isInstanceOf(IOException.class);
      assertThat(proxy.bodyBytesSent() - before).isEqualTo(1_000);
    }
  }

  @Test
  void stallsTheBodyUntilItIsHealedWhileOthersGoOn() throws Exception {
    // Given a response that stalls
    proxy.on(request -> request.path().equals("/stalled"), Fault.stallAfter(1_000));
    CompletableFuture<HttpResponse<byte[]>> stalled =
        client.sendAsync(request("/stalled").build(), BodyHandlers.ofByteArray());
    await().atMost(PATIENCE).until(() -> proxy.bodyBytesSent() == 1_000);

    // When another is asked for, and then the proxy is healed
    HttpResponse<byte[]> other = get("/other");
    boolean stalledUntilThen = !stalled.isDone();
    proxy.heal();

    // Then
    assertThat(other.body()).hasSize(SIZE);
    assertThat(stalledUntilThen).isTrue();
    assertThat(stalled.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).body()).hasSize(SIZE);
  }

  @Test
  void stallsTheBodyForATime() throws Exception {
    proxy.on(request -> true, Fault.stallAfter(0, Duration.ofMillis(300)));

    long start = System.nanoTime();
    HttpResponse<byte[]> response = get("/a");

    assertThat(response.body()).hasSize(SIZE);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(250));
  }
}
