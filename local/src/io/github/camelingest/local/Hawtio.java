package io.github.camelingest.local;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.ee10.proxy.ProxyServlet;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.server.handler.DefaultHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs Hawtio until SIGTERM, on loopback and without a login of its own: where it looks for the
 * Jolokia of its own JVM, it finds the application's, with what that allows.
 */
@Command(
    name = "hawtio",
    description = "Hawtio, connected to a running application. Prints its address.",
    mixinStandardHelpOptions = true)
public final class Hawtio implements Callable<Integer> {

  private static final String PATH = "/hawtio";
  private static final String JOLOKIA = "/jolokia";
  private static final String HOST = "127.0.0.1";

  /** A browser keeps up to six connections. */
  private static final int THREADS = 16;

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Option(names = "--war", required = true, description = "Hawtio's web application.")
  private Path war;

  @Option(
      names = "--application",
      required = true,
      description = "Where the application is watched, such as http://127.0.0.1:9876/.")
  private URI application;

  @Option(names = "--port", defaultValue = "0", description = "Its port; 0 is a free one.")
  private int port;

  private Hawtio() {}

  public static void main(String[] arguments) {
    CommandLine line = new CommandLine(new Hawtio());
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          command.getErr().println("hawtio: " + e.getMessage());
          return 1;
        });
    System.exit(line.execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    check();
    // Its own logs go elsewhere than its address.
    PrintStream out = System.out;
    System.setOut(System.err);
    System.setProperty("hawtio.authenticationEnabled", "false");
    Server server = new Server(new QueuedThreadPool(THREADS));
    ServerConnector connector = new ServerConnector(server);
    connector.setHost(HOST);
    connector.setPort(port);
    server.addConnector(connector);
    // The longest path that fits wins.
    ContextHandlerCollection contexts =
        new ContextHandlerCollection(withWhatItShows(), withWhatItAsks());
    server.setHandler(new Handler.Sequence(contexts, new DefaultHandler(false, false)));
    server.start();
    out.printf("http://%s:%d%s/camel%n", HOST, connector.getLocalPort(), PATH);
    out.flush();
    server.join();
    return 0;
  }

  /**
   * @throws IOException if the application would not let Hawtio ask
   */
  private void check() throws IOException, InterruptedException {
    HttpRequest.Builder question =
        HttpRequest.newBuilder(application.resolve(JOLOKIA + "/version")).timeout(PATIENCE);
    authorization().ifPresent(header -> question.header("Authorization", header));
    int status;
    try {
      status =
          HttpClient.newHttpClient()
              .send(question.build(), HttpResponse.BodyHandlers.discarding())
              .statusCode();
    } catch (IOException e) {
      throw new IOException(
          "nobody answers at %s: start the application, or say with --application where it is watched"
              .formatted(application),
          e);
    }
    if (status == HttpURLConnection.HTTP_UNAUTHORIZED) {
      throw new IOException("%s wants INGEST_MANAGEMENT_PASSWORD".formatted(application));
    }
    if (status != HttpURLConnection.HTTP_OK) {
      throw new IOException(
          "%s has no %s: other machines reach it, and INGEST_MANAGEMENT_PASSWORD is not set for it"
              .formatted(application, JOLOKIA));
    }
  }

  private static Optional<String> authorization() {
    return Optional.ofNullable(System.getenv("INGEST_MANAGEMENT_PASSWORD"))
        .filter(password -> !password.isEmpty())
        .map(password -> ("camel-ingest:" + password).getBytes(StandardCharsets.UTF_8))
        .map(login -> "Basic " + Base64.getEncoder().encodeToString(login));
  }

  private WebAppContext withWhatItShows() {
    WebAppContext shown = new WebAppContext(war.toAbsolutePath().toString(), PATH);
    shown.setVirtualHosts(List.of(HOST, "localhost"));
    shown.setThrowUnavailableOnStartupException(true);
    return shown;
  }

  private ServletContextHandler withWhatItAsks() {
    ServletContextHandler asked = new ServletContextHandler(PATH + JOLOKIA);
    // Else a page of another site could have its name resolve to this server.
    asked.setVirtualHosts(List.of(HOST, "localhost"));
    ServletHolder proxy = new ServletHolder(new Proxy(authorization().orElse(null)));
    proxy.setInitParameter("proxyTo", application.resolve(JOLOKIA).toString());
    // Hawtio asks without a slash at the end.
    asked.setAllowNullPathInContext(true);
    asked.addServlet(proxy, "/*");
    return asked;
  }

  /** Hands requests to the application, with its password where it has one. */
  private static final class Proxy extends ProxyServlet.Transparent {

    private static final long serialVersionUID = 1L;

    private final String authorization;

    Proxy(String authorization) {
      this.authorization = authorization;
    }

    @Override
    protected void addProxyHeaders(HttpServletRequest asked, Request handedOn) {
      super.addProxyHeaders(asked, handedOn);
      if (authorization != null) {
        handedOn.headers(headers -> headers.put("Authorization", authorization));
      }
    }
  }
}
