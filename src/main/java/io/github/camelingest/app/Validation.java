package io.github.camelingest.app;

import io.github.camelingest.discovery.Queue;
import io.github.camelingest.routes.Folder;
import io.github.camelingest.routes.Outcome;
import io.github.camelingest.routes.Sources;
import io.github.camelingest.routes.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Tries routes and SQL without anything running: of the servers only PostgreSQL is asked. */
public final class Validation {

  private final Settings settings;

  public Validation(Settings settings) {
    this.settings = settings;
  }

  /**
   * Tries all routes and SQL there are.
   *
   * @param files stand in for those of the same names
   * @throws SetupException if a setting is wrong or a file cannot be read
   */
  public Outcome of(List<Path> files) {
    settings.check();
    Folder routes = Home.folder("routes");
    Folder sql = Home.folder("sql/load");
    Sources sources;
    try {
      sources = Sources.read(routes, sql).with(files);
    } catch (IOException | IllegalArgumentException e) {
      throw new SetupException(e.getMessage(), e);
    }
    ExecutorService writers = Executors.newCachedThreadPool();
    try (SqsClient nobody =
        SqsClient.builder()
            .region(Region.US_EAST_1)
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .httpClientBuilder(ApacheHttpClient.builder())
            .build()) {
      return new Trial(contexts(writers, nobody), Clients.trial(settings)).of(sources);
    } finally {
      writers.shutdownNow();
    }
  }

  private TrialContexts contexts(ExecutorService writers, SqsClient nobody) {
    if (settings.queue().isEmpty()) {
      return Offline.contexts(settings, writers, Map.of("ingest.discovery", "poll"), Map.of());
    }
    return Offline.contexts(
        settings,
        writers,
        Map.of(
            "ingest.discovery", "queue",
            "ingest.queue-url", "https://localhost/0/queue",
            "ingest.queue-name", "queue"),
        Map.of("sqs", nobody, "queue", new Queue(nobody, "queue")));
  }
}
