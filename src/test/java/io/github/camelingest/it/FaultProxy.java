package io.github.camelingest.it;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Stands on loopback in front of S3 or SQS and passes every byte on unchanged, the Host header
 * included, since signatures cover it; until it is told to do harm. Streams. Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {

  /**
   * A request, as rules see it.
   *
   * @param query without the question mark; empty where there is none
   * @param headers by name in any case. SQS names its action in {@code X-Amz-Target}, such as
   *     {@code AmazonSQS.ReceiveMessage}
   */
  public record Request(String method, String path, String query, Map<String, String> headers) {

    private static Request of(HttpMessage message) {
      String[] target = message.secondWord().split("\\?", 2);
      return new Request(
          message.firstLine().split(" ", 2)[0],
          target[0],
          target.length == 2 ? target[1] : "",
          message.headers());
    }

    /** Whether this is a call of the SQS action. */
    public boolean isSqs(String action) {
      return headers.getOrDefault("X-Amz-Target", "").endsWith("." + action);
    }

    private boolean isSqs() {
      return headers.containsKey("X-Amz-Target");
    }
  }

  /** Hears what clients and SQS say to each other. Must be thread-safe. */
  public interface Listener {

    /** A client asks; SQS hears of it after this returns, if it does at all. */
    void asked(Request request, byte[] body);

    /** SQS has answered; the client hears of it after this returns. */
    void answered(Request request, byte[] body);
  }

  /** What can go wrong with a request. */
  public sealed interface Fault {

    /** Answers with this status and an error as S3 or SQS words it; the server hears nothing. */
    static Fault answer(int status) {
      return answer(status, status == 503 ? "ServiceUnavailable" : "InternalError");
    }

    /**
     * The same with a certain error.
     *
     * @param code such as AccessDenied
     */
    static Fault answer(int status, String code) {
      return new Answer(status, code, "");
    }

    /** Answers that the bucket is in another region; S3 hears nothing. */
    static Fault redirect(String region) {
      return new Answer(301, "PermanentRedirect", "x-amz-bucket-region: %s\r\n".formatted(region));
    }

    /** Answers success; the server hears nothing. */
    static Fault swallow() {
      return new Answer(200, "", "");
    }

    /** Closes the connection without an answer; the server hears nothing. */
    static Fault refuse() {
      return new Refuse();
    }

    /** Closes the connection instead of the answer; the server has done what was asked. */
    static Fault loseResponse() {
      return new LoseResponse();
    }

    /** Closes the connection after so many bytes of the response's body. */
    static Fault cutAfter(long bytes) {
      return new CutAfter(bytes);
    }

    /** Stops after so many bytes of the response's body, until the proxy is healed. */
    static Fault stallAfter(long bytes) {
      return new StallAfter(bytes, Duration.ofDays(1));
    }

    /** Stops after so many bytes of the response's body, for so long or until it is healed. */
    static Fault stallAfter(long bytes, Duration atMost) {
      return new StallAfter(bytes, atMost);
    }
  }

  /**
   * @param code of the error
   * @param headers whole lines
   */
  private record Answer(int status, String code, String headers) implements Fault {}

  private record Refuse() implements Fault {}

  private record LoseResponse() implements Fault {}

  private record CutAfter(long bytes) implements Fault {}

  private record StallAfter(long bytes, Duration atMost) implements Fault {}

  private record Rule(Predicate<Request> which, Fault fault) {}

  private final URI target;
  private final ServerSocket server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "fault-proxy");
            thread.setDaemon(true);
            return thread;
          });
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final AtomicLong bodyBytesSent = new AtomicLong();
  private final AtomicLong faults = new AtomicLong();
  private final Object health = new Object();
  private volatile Listener listener =
      new Listener() {
        @Override
        public void asked(Request request, byte[] body) {}

        @Override
        public void answered(Request request, byte[] body) {}
      };
  private long healings;

  private FaultProxy(URI target) throws IOException {
    this.target = target;
    server = new ServerSocket(0, 0, InetAddress.getByName("127.0.0.1"));
    threads.execute(this::accept);
  }

  /** A proxy that passes everything on to this server, on a free port. */
  public static FaultProxy to(URI target) {
    try {
      return new FaultProxy(target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where clients reach the proxy. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:%d".formatted(server.getLocalPort()));
  }

  /**
   * From now on, until {@link #heal}, does this to the requests that the predicate picks. Of
   * several rules the first wins. Faults of the response also reach requests that wait for one
   * already.
   */
  public void on(Predicate<Request> which, Fault fault) {
    rules.add(new Rule(which, fault));
  }

  /** From now on this one hears everything that SQS and its clients say. */
  public void listener(Listener newListener) {
    listener = newListener;
  }

  /** Passes everything on again; stalled responses go on. */
  public void heal() {
    rules.clear();
    synchronized (health) {
      healings++;
      health.notifyAll();
    }
  }

  /** Bytes of response bodies that went from the server to clients. */
  public long bodyBytesSent() {
    return bodyBytesSent.get();
  }

  /** How often harm was done. */
  public long faults() {
    return faults.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        open.add(client);
        threads.execute(() -> serve(client));
      } catch (IOException e) {
        // closed, or a client that is gone already
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(client.getInputStream());
      boolean goesOn = true;
      while (goesOn) {
        HttpMessage request = HttpMessage.read(in);
        goesOn = request != null && new Conversation(client, in, request).run();
      }
    } catch (IOException e) {
      // One side is gone; closing tells the other.
    } finally {
      open.remove(client);
    }
  }

  private <F extends Fault> Optional<F> fault(Request request, List<Class<? extends F>> kinds) {
    for (Rule rule : rules) {
      for (Class<? extends F> kind : kinds) {
        if (kind.isInstance(rule.fault()) && rule.which().test(request)) {
          faults.incrementAndGet();
          return Optional.of(kind.cast(rule.fault()));
        }
      }
    }
    return Optional.empty();
  }

  /** One request and its response. */
  private final class Conversation {
    private final Socket client;
    private final OutputStream out;
    private final HttpMessage message;
    private final Request request;

    /** With the request's body ahead. */
    private final InputStream in;

    Conversation(Socket client, InputStream in, HttpMessage message) throws IOException {
      this.client = client;
      this.out = client.getOutputStream();
      this.message = message;
      this.request = Request.of(message);
      if (request.isSqs()) {
        Recording recording = new Recording();
        message.copyRequestBody(in, recording);
        listener.asked(request, recording.payload());
        this.in = recording.again();
      } else {
        this.in = in;
      }
    }

    /** Whether the client's connection stays open for another. */
    boolean run() throws IOException {
      Optional<Fault> fault = fault(request, List.of(Refuse.class, Answer.class));
      if (fault.isEmpty()) {
        return forward();
      }
      return fault.get() instanceof Answer answer && answer(answer);
    }

    private boolean expectsContinue() {
      return message.has("Expect", "100-continue");
    }

    private boolean answer(Answer answer) throws IOException {
      if (!expectsContinue()) {
        message.copyRequestBody(in, HttpMessage.to(OutputStream.nullOutputStream()));
      }
      byte[] body = body(answer).getBytes(StandardCharsets.UTF_8);
      out.write(
          "HTTP/1.1 %d Fault\r\n%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
              .formatted(
                  answer.status(),
                  answer.headers(),
                  request.isSqs() ? "application/x-amz-json-1.0" : "application/xml",
                  body.length)
              .getBytes(StandardCharsets.US_ASCII));
      if (!request.method().equals("HEAD")) {
        out.write(body);
      }
      return !expectsContinue();
    }

    private String body(Answer answer) {
      if (answer.status() == 200) {
        return request.isSqs() ? "{}" : "";
      }
      return request.isSqs()
          ? "{\"__type\":\"com.amazonaws.sqs#%s\",\"message\":\"a fault on purpose\"}"
              .formatted(answer.code())
          : "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>%s</Code><Message>a fault on purpose</Message></Error>"
              .formatted(answer.code());
    }

    private boolean forward() throws IOException {
      // A connection of its own, since an idle one may be closed by the server at any time.
      try (Socket upstream = new Socket(target.getHost(), target.getPort())) {
        open.add(upstream);
        try {
          return forward(upstream);
        } finally {
          open.remove(upstream);
        }
      }
    }

    private boolean forward(Socket upstream) throws IOException {
      upstream.setTcpNoDelay(true);
      InputStream responses = new BufferedInputStream(upstream.getInputStream());
      upstream.getOutputStream().write(message.head());
      boolean bodySent = !expectsContinue();
      if (bodySent) {
        message.copyRequestBody(in, HttpMessage.to(upstream.getOutputStream()));
      }
      HttpMessage response = response(responses);
      while (response.status() < 200) {
        out.write(response.head());
        if (!bodySent) {
          message.copyRequestBody(in, HttpMessage.to(upstream.getOutputStream()));
          bodySent = true;
        }
        response = response(responses);
      }
      return deliver(response, responses)
          && bodySent
          && !response.endsWithConnection()
          && !response.has("Connection", "close")
          && !message.has("Connection", "close");
    }

    private static HttpMessage response(InputStream responses) throws IOException {
      HttpMessage response = HttpMessage.read(responses);
      if (response == null) {
        throw new IOException("the server closed the connection");
      }
      return response;
    }

    private boolean deliver(HttpMessage response, InputStream responses) throws IOException {
      Optional<Fault> fault =
          fault(request, List.of(LoseResponse.class, CutAfter.class, StallAfter.class));
      if (fault.isPresent() && fault.get() instanceof LoseResponse) {
        return false;
      }
      InputStream content = responses;
      if (request.isSqs()) {
        Recording recording = new Recording();
        response.copyResponseBody(request.method(), responses, recording);
        listener.answered(request, recording.payload());
        content = recording.again();
      }
      out.write(response.head());
      response.copyResponseBody(request.method(), content, new Body(client, fault));
      return true;
    }
  }

  /** Holds a small body, to listen to it before it goes on. */
  private static final class Recording implements HttpMessage.Sink {
    private final ByteArrayOutputStream payload = new ByteArrayOutputStream();
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();

    @Override
    public void payload(byte[] buffer, int length) {
      payload.write(buffer, 0, length);
      all.write(buffer, 0, length);
    }

    @Override
    public void framing(byte[] bytes) {
      all.write(bytes, 0, bytes.length);
    }

    byte[] payload() {
      return payload.toByteArray();
    }

    InputStream again() {
      return new ByteArrayInputStream(all.toByteArray());
    }
  }

  /** Sends a response's body on, with the harm that is meant for it. */
  private final class Body implements HttpMessage.Sink {
    private final OutputStream out;
    private Optional<Fault> fault;
    private long sent;

    Body(Socket client, Optional<Fault> fault) throws IOException {
      this.out = client.getOutputStream();
      this.fault = fault;
    }

    @Override
    public void payload(byte[] buffer, int length) throws IOException {
      int before = length;
      if (fault.isPresent()) {
        before = (int) Math.min(length, limit(fault.get()) - sent);
      }
      send(buffer, 0, before);
      if (before < length) {
        harm(fault.orElseThrow());
        fault = Optional.empty();
        send(buffer, before, length - before);
      }
    }

    private static long limit(Fault fault) {
      return fault instanceof CutAfter cut ? cut.bytes() : ((StallAfter) fault).bytes();
    }

    private void harm(Fault harm) throws IOException {
      if (harm instanceof StallAfter stall) {
        awaitHealing(stall.atMost());
      } else {
        throw new IOException("cut on purpose");
      }
    }

    private void send(byte[] buffer, int offset, int length) throws IOException {
      out.write(buffer, offset, length);
      sent += length;
      bodyBytesSent.addAndGet(length);
    }

    @Override
    public void framing(byte[] bytes) throws IOException {
      out.write(bytes);
    }
  }

  private void awaitHealing(Duration atMost) throws IOException {
    long deadline = System.nanoTime() + atMost.toNanos();
    synchronized (health) {
      long before = healings;
      try {
        while (healings == before && System.nanoTime() < deadline) {
          TimeUnit.NANOSECONDS.timedWait(health, deadline - System.nanoTime());
        }
      } catch (InterruptedException e) {
        throw new IOException("the proxy is closed", e);
      }
    }
  }

  /** Closes the port and all connections. */
  @Override
  public void close() {
    close(server);
    threads.shutdownNow();
    open.forEach(FaultProxy::close);
  }

  private static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
