package io.github.camelingest.cli;

import io.github.camelingest.app.Application;
import java.util.concurrent.CountDownLatch;

/**
 * Closes the application at the end of a command, or in order when SIGTERM or Ctrl-C comes first.
 */
final class Stoppable implements AutoCloseable {

  private final Application application;
  private final Thread hook;

  /**
   * @param exitCode what to exit with if a signal comes
   * @param farewell told then, before anything is closed
   */
  Stoppable(Application application, int exitCode, Runnable farewell) {
    this.application = application;
    this.hook =
        new Thread(
            () -> {
              farewell.run();
              application.close();
              // Else 128 + the signal, which a service manager takes for a failure.
              Runtime.getRuntime().halt(exitCode);
            });
    Runtime.getRuntime().addShutdownHook(hook);
  }

  Application application() {
    return application;
  }

  /** Never returns: a signal ends the JVM. */
  void awaitSignal() throws InterruptedException {
    new CountDownLatch(1).await();
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The hook is running and closes the application; nothing is left to do here.
      return;
    }
    application.close();
  }
}
