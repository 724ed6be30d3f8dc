package io.github.camelingest.management;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * HTTP for whoever watches the application: each path has its handler, which pages of other sites
 * do not reach. It is the JDK's own server, since a larger one would take memory from loads.
 * Thread-safe.
 */
public final class ManagementServer implements AutoCloseable {

  /** A scrape and a person at a time; a slow reader must not keep the others out. */
  private static final int THREADS = 3;

  private final HttpServer server;
  private final ExecutorService threads;

  /**
   * Begins to listen; nothing is answered before {@link #start}.
   *
   * @param port 0 is any that is free
   * @throws IOException if nobody can listen there
   */
  public ManagementServer(String host, int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(host, port), 0);
    threads = Executors.newFixedThreadPool(THREADS, ManagementServer::thread);
    server.setExecutor(threads);
  }

  private static Thread thread(Runnable answering) {
    Thread thread = new Thread(answering, "management");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * @param path and everything below it
   */
  public void serve(String path, HttpHandler handler) {
    context(path, handler);
  }

  /** The same, for those only who know the password of the user {@value Password#USER}. */
  public void serve(String path, HttpHandler handler, String password) {
    context(path, handler).setAuthenticator(new Password(password));
  }

  private HttpContext context(String path, HttpHandler handler) {
    HttpContext context = server.createContext(path, handler);
    context.getFilters().add(new SameHost(server.getAddress().getAddress()));
    return context;
  }

  /** Whether only programs of this machine reach it. */
  public boolean isOnLoopback() {
    return server.getAddress().getAddress().isLoopbackAddress();
  }

  public void start() {
    server.start();
  }

  /** Where it listens, such as {@code http://127.0.0.1:9876/}. */
  public String address() {
    InetSocketAddress address = server.getAddress();
    String host = address.getAddress().getHostAddress();
    return "http://%s:%d/"
        .formatted(host.contains(":") ? "[" + host + "]" : host, address.getPort());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
