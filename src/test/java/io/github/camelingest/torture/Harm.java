package io.github.camelingest.torture;

/** What may go wrong beside the application. */
enum Harm {
  NOTHING("none"),
  ROUTES_SAVED("routes saved, good and broken, while they load"),
  S3_UNAVAILABLE("S3 answers 503"),
  S3_ERROR("S3 answers 500"),
  S3_CUT("S3 cuts objects in the middle"),
  S3_STALLED("S3 stalls in the middle of objects"),
  SQS_UNREACHABLE("SQS unreachable"),
  SQS_UNAVAILABLE("SQS answers 503"),
  RECEIVE_LOST("SQS answers with messages are lost"),
  DELETE_LOST("SQS answers to deletes are lost"),
  DELETE_SWALLOWED("SQS forgets deletes, so messages come twice"),
  CONNECTIONS_TERMINATED("pg_terminate_backend of all connections"),
  POSTGRES_KILLED("kill -9: PostgreSQL"),
  POSTGRES_STOPPED("PostgreSQL stopped for 20 s"),
  INSTANCE_FROZEN("application frozen for longer than its lease");

  private final String description;

  Harm(String description) {
    this.description = description;
  }

  @Override
  public String toString() {
    return description;
  }
}
