package io.github.camelingest.bench;

/**
 * What one load took.
 *
 * @param way its name, as options and the report have it
 * @param round from 1
 * @param rows lines of the input that became rows or, on purpose, rejected lines
 * @param seconds until everything was committed
 * @param clientCpu CPU seconds of the processes that loaded
 * @param serverCpu CPU seconds of all processes of PostgreSQL
 * @param stackCpu CPU seconds of the JVM with S3 and SQS, which also measures
 * @param peakBytes the most memory that the loading processes had resident, each at its own time
 * @param walBytes written ahead by PostgreSQL
 */
record Measurement(
    String way,
    int round,
    long rows,
    double seconds,
    double clientCpu,
    double serverCpu,
    double stackCpu,
    long peakBytes,
    long walBytes) {

  double rate() {
    return rows / seconds;
  }

  double clientCpuPerMillion() {
    return clientCpu / rows * 1e6;
  }

  double serverCpuPerMillion() {
    return serverCpu / rows * 1e6;
  }

  double stackCpuPerMillion() {
    return stackCpu / rows * 1e6;
  }

  double walPerRow() {
    return (double) walBytes / rows;
  }
}
