package io.github.camelingest.local;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.ee10.proxy.ProxyServlet;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
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
    System.setProperty("hawtio.authenticationEnabled", "false");
    Server server = new Server(new QueuedThreadPool(THREADS));
    ServerConnector connector = new ServerConnector(server);
    InetSocketAddress address = new InetSocketAddress(HOST, port);
    connector.setHost(address.getHostString());
    connector.setPort(address.getPort());
    server.addConnector(connector);
    // The longest path that fits wins.
    ContextHandlerCollection contexts =
        new ContextHandlerCollection(withWhatItShows(), withWhatItAsks());
    server.setHandler(
        new org.eclipse.jetty.server.Handler.Sequence(contexts, new DefaultHandler(false, false)));
    server.start();
    System.out.printf("http://%s:%d%s%n", HOST, connector.getLocalPort(), PATH + "/");
    System.out.flush();
    server.join();
    return 0;
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
    ServletHolder proxy = new ServletHolder(new Proxy(System.getenv("INGEST_MANAGEMENT_PASSWORD")));
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

    Proxy(String password) {
      authorization =
          password == null || password.isEmpty()
              ? null
              : "Basic "
                  + Base64.getEncoder()
                      .encodeToString(
                          ("camel-ingest:" + password).getBytes(StandardCharsets.UTF_8));
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
