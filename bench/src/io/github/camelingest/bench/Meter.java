package io.github.camelingest.bench;

import java.util.List;

/** What processes and the server have used since the meter was made. */
final class Meter {

  private final Target target;
  private final List<ProcessTree> clients;
  private final ProcessTree stack = new ProcessTree(ProcessHandle.current().pid());
  private final double clientCpu;
  private final double serverCpu;
  private final double stackCpu;
  private final long wal;
  private final long start;

  /**
   * @param clients the processes that load
   */
  Meter(Target target, List<Long> clients) {
    this.target = target;
    this.clients = clients.stream().map(ProcessTree::new).toList();
    wal = target.wal();
    clientCpu = cpuOfClients();
    serverCpu = target.server().cpuSeconds();
    stackCpu = cpuOfStack();
    start = System.nanoTime();
  }

  /** Seconds since the start. */
  double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  /**
   * Reads everything; the clients must still be there.
   *
   * @param seconds that the load took
   */
  Measurement read(String way, int round, long rows, double seconds) {
    return new Measurement(
        way,
        round,
        rows,
        seconds,
        cpuOfClients() - clientCpu,
        target.server().cpuSeconds() - serverCpu,
        cpuOfStack() - stackCpu,
        clients.stream().mapToLong(ProcessTree::peakBytes).sum(),
        target.wal() - wal);
  }

  private double cpuOfClients() {
    return clients.stream().mapToDouble(ProcessTree::cpuSeconds).sum();
  }

  private double cpuOfStack() {
    return stack.ownCpuSeconds();
  }
}
