package io.github.camelingest.management;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import javax.management.JMException;
import org.jolokia.jvmagent.handler.JolokiaHttpHandler;
import org.jolokia.server.core.config.ConfigKey;
import org.jolokia.server.core.config.StaticConfiguration;
import org.jolokia.server.core.request.BadRequestException;
import org.jolokia.server.core.request.EmptyResponseException;
import org.jolokia.server.core.request.JolokiaRequest;
import org.jolokia.server.core.request.NotChangedException;
import org.jolokia.server.core.restrictor.policy.PolicyRestrictor;
import org.jolokia.server.core.service.JolokiaServiceManagerFactory;
import org.jolokia.server.core.service.api.JolokiaServiceManager;
import org.jolokia.server.core.service.impl.QuietLogHandler;
import org.jolokia.server.core.util.RequestType;
import org.jolokia.service.jmx.LocalRequestHandler;
import org.jolokia.service.serializer.JolokiaSerializer;

/**
 * JMX by HTTP, as far as jolokia-policy.xml lets it. It knows this JVM only: neither connects to
 * others nor announces itself. Thread-safe; answers one request at a time.
 */
public final class Jolokia implements HttpHandler, AutoCloseable {

  /** Where it is served; Hawtio looks there. */
  public static final String PATH = "/jolokia";

  private static final String POLICY = "jolokia-policy.xml";

  /** Of a request: several times what Hawtio asks at once. */
  private static final long MOST_BYTES = 256 * 1024;

  /** Enough for routes with all their steps, and too little to fill the heap. */
  private static final String MOST_OBJECTS = "50000";

  /** Null until somebody asks: most of the time nobody does. */
  private JolokiaServiceManager services;

  private JolokiaHttpHandler handler;

  private void start() {
    services =
        JolokiaServiceManagerFactory.createJolokiaServiceManager(
            new StaticConfiguration(
                ConfigKey.AGENT_ID, "camel-ingest",
                ConfigKey.AGENT_CONTEXT, PATH,
                ConfigKey.DISABLE_DETECTORS, "true",
                ConfigKey.INCLUDE_STACKTRACE, "false",
                ConfigKey.ALLOW_ERROR_DETAILS, "false",
                ConfigKey.MAX_OBJECTS, MOST_OBJECTS),
            new QuietLogHandler(),
            policy());
    // Named one by one: those that the class path offers besides connect to other JVMs.
    services.addService(new Requests());
    services.addService(new JolokiaSerializer());
    handler = new JolokiaHttpHandler(services.start());
  }

  /** Without subscriptions: the policy does not ask about them, and whoever begins one is kept. */
  private static final class Requests extends LocalRequestHandler {

    Requests() {
      super(1);
    }

    @Override
    public <R extends JolokiaRequest> Object handleRequest(R request, Object previous)
        throws IOException,
            JMException,
            NotChangedException,
            BadRequestException,
            EmptyResponseException {
      if (request.getType() == RequestType.NOTIFICATION) {
        throw new SecurityException("Notifications are forbidden");
      }
      return super.handleRequest(request, previous);
    }
  }

  private static PolicyRestrictor policy() {
    try (InputStream policy = Jolokia.class.getResourceAsStream(POLICY)) {
      return new PolicyRestrictor(policy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One at a time: an answer is built in memory, and the handler formats dates without a lock. */
  @Override
  public synchronized void handle(HttpExchange exchange) throws IOException {
    String length = exchange.getRequestHeaders().getFirst("Content-Length");
    if (exchange.getRequestMethod().equals("POST") && !isShort(length)) {
      Answer.text(
          exchange,
          HttpURLConnection.HTTP_ENTITY_TOO_LARGE,
          "a request has a Content-Length of up to %d bytes".formatted(MOST_BYTES));
      return;
    }
    if (handler == null) {
      start();
    }
    handler.handle(exchange);
  }

  private static boolean isShort(String length) {
    try {
      return length != null && Long.parseLong(length) <= MOST_BYTES;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  @Override
  public synchronized void close() {
    if (services != null) {
      services.stop();
    }
  }
}
