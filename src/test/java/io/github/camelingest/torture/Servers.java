package io.github.camelingest.torture;

import io.github.camelingest.it.FaultProxy;
import io.github.camelingest.it.Space;
import io.github.camelingest.local.LocalStack;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * S3, SQS and PostgreSQL with one bucket, one queue and two databases: {@code torture}, which the
 * application reaches by ways that can be harmed, and {@code reference}.
 */
final class Servers implements AutoCloseable {

  /**
   * Small batches, so that kills fall between many; quick reconciling, so that rounds are short.
   */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "INGEST_BATCH_SIZE", "500",
          "INGEST_RECONCILE_INTERVAL", "10s",
          // As whoever runs it has it.
          "INGEST_MANAGEMENT_PORT", "0");

  private final LocalStack stack;
  private final FaultProxy s3;
  private final FaultProxy sqs;
  private final Space tortured;
  private final Space reference;

  private Servers(LocalStack stack) {
    this.stack = stack;
    Map<String, String> environment = stack.space("torture");
    tortured = new Space(environment);
    Map<String, String> undisturbed = new HashMap<>(environment);
    undisturbed.put("INGEST_DB_URL", stack.space("reference").get("INGEST_DB_URL"));
    undisturbed.put("INGEST_QUEUE", "");
    reference = new Space(undisturbed);
    s3 = FaultProxy.to(URI.create(environment.get("AWS_ENDPOINT_URL_S3")));
    sqs = FaultProxy.to(URI.create(environment.get("AWS_ENDPOINT_URL_SQS")));
    tortured.sql().sql(WorkingFolder.CREATE_JOURNAL).update();
    reference.sql().sql(WorkingFolder.CREATE_JOURNAL).update();
  }

  /**
   * @param data a folder without data of an earlier run
   */
  static Servers start(Path data) {
    return new Servers(LocalStack.start(LocalStack.Options.in(data)));
  }

  LocalStack stack() {
    return stack;
  }

  FaultProxy s3() {
    return s3;
  }

  FaultProxy sqs() {
    return sqs;
  }

  /** The bucket, the queue and the tortured database, by ways that are never harmed. */
  Space tortured() {
    return tortured;
  }

  /** The same bucket and the database for the reference run. */
  Space reference() {
    return reference;
  }

  /** The environment of the tortured application. */
  Map<String, String> applicationEnvironment() {
    Map<String, String> environment = new HashMap<>(tortured.environment());
    environment.putAll(SETTINGS);
    environment.put("AWS_ENDPOINT_URL_S3", s3.endpoint().toString());
    environment.put("AWS_ENDPOINT_URL_SQS", sqs.endpoint().toString());
    return environment;
  }

  @Override
  public void close() {
    s3.close();
    sqs.close();
    stack.close();
  }
}
