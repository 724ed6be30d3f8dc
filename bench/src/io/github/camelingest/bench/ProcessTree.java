package io.github.camelingest.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A process and all that it has started, as Linux accounts for them (proc(5)).
 *
 * @param pid of the first process
 */
record ProcessTree(long pid) {

  /** Of a second: USER_HZ, which Linux has the same for all programs. */
  private static final double TICKS = 100;

  private static final int UTIME = 13;
  private static final int STIME = 14;
  private static final int CSTIME = 16;

  /** CPU seconds of all of them, those included that are over and that their parent has reaped. */
  double cpuSeconds() {
    return all().mapToLong(process -> ticks(process, CSTIME)).sum() / TICKS;
  }

  /** CPU seconds of the first process alone. */
  double ownCpuSeconds() {
    return ticks(pid, STIME) / TICKS;
  }

  /** The most memory that each of them has had resident, summed up; bytes. */
  long peakBytes() {
    return all().mapToLong(ProcessTree::peak).sum();
  }

  private Stream<Long> all() {
    List<Long> pids = new ArrayList<>(List.of(pid));
    ProcessHandle.of(pid)
        .ifPresent(first -> first.descendants().map(ProcessHandle::pid).forEach(pids::add));
    return pids.stream();
  }

  private static long ticks(long pid, int last) {
    String stat = read(pid, "stat");
    if (stat.isEmpty()) {
      return 0;
    }
    // The name of the program, in parentheses, may hold blanks.
    String[] fields = ("pid name" + stat.substring(stat.lastIndexOf(')') + 1)).split(" ");
    long ticks = 0;
    for (int field = UTIME; field <= last; field++) {
      ticks += Long.parseLong(fields[field]);
    }
    return ticks;
  }

  private static long peak(long pid) {
    return read(pid, "status")
        .lines()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .sum();
  }

  /** Nothing if the process is over. */
  private static String read(long pid, String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), file));
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      if (Files.notExists(Path.of("/proc", Long.toString(pid)))) {
        return "";
      }
      throw new UncheckedIOException(e);
    }
  }
}
