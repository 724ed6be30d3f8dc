package io.github.camelingest.doctor;

import io.github.camelingest.app.Application;
import io.github.camelingest.app.Settings;
import io.github.camelingest.app.SetupException;
import io.github.camelingest.load.ObjectsEndpoint;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Looks at everything that the application needs, one thing after the other. It changes nothing,
 * and waits for no server for long.
 */
public final class Examination {

  /** Longer than any probe takes whose server answers. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Settings settings;
  private final Consumer<Finding> out;

  private Examination(Settings settings, Consumer<Finding> out) {
    this.settings = settings;
    this.out = out;
  }

  /**
   * @param out takes each finding as it is made
   * @throws SetupException if a setting is wrong
   */
  public static void of(Settings settings, Consumer<Finding> out) {
    settings.check();
    new Examination(settings, out).all();
  }

  private void all() {
    look("machine", new MachineProbe(settings));
    DatabaseProbe database = new DatabaseProbe(settings);
    look("database", database);
    look("credentials", new CredentialsProbe());
    QueueProbe queue = new QueueProbe(settings.queue());
    if (settings.queue().isEmpty()) {
      out.accept(
          Finding.ok("queue", "none is set (ingest.queue): the buckets are listed now and then"));
    } else {
      look("queue", queue);
    }
    try {
      Application.describe(settings, datasets -> look(datasets, queue));
    } catch (SetupException e) {
      out.accept(Finding.fault("routes", "%s", e.getMessage()));
    }
    if (database.hasLedger()) {
      look("listing", new ListingProbe(settings));
    }
  }

  private void look(Collection<ObjectsEndpoint> datasets, QueueProbe queue) {
    List<String> names = datasets.stream().map(ObjectsEndpoint::getDataset).toList();
    out.accept(Finding.ok("routes", "load %s", String.join(", ", names)));
    Optional<Finding> clock = Optional.empty();
    for (ObjectsEndpoint dataset : datasets) {
      PlacesProbe places = new PlacesProbe(dataset);
      look(dataset.getDataset(), places);
      clock = clock.or(places::clock);
    }
    clock.ifPresent(out);
    queue.arn().ifPresent(arn -> look("events", new EventsProbe(datasets, arn)));
  }

  private void look(String subject, Probe probe) {
    ExecutorService thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread daemon = new Thread(work, "doctor-" + subject);
              daemon.setDaemon(true);
              return daemon;
            });
    Future<?> looking = thread.submit(() -> probe.look(out));
    try {
      looking.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      out.accept(
          Finding.fault(
              subject,
              "no answer within %d s; look at the network, and at what is between",
              PATIENCE.toSeconds()));
    } catch (ExecutionException e) {
      out.accept(Finding.fault(subject, "%s", reason(e.getCause())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      thread.shutdownNow();
    }
  }

  private static String reason(Throwable failure) {
    return failure.getMessage() == null
        ? failure.getClass().getSimpleName()
        : failure.getMessage().strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
