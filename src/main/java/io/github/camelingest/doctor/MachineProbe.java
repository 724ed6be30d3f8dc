package io.github.camelingest.doctor;

import com.sun.management.OperatingSystemMXBean;
import io.github.camelingest.app.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Disk, memory and the port for whoever watches. */
final class MachineProbe implements Probe {

  private static final long MEGABYTE = 1_048_576;

  /** A day's log, and what libraries unpack. */
  private static final long LITTLE_DISK = 1_000 * MEGABYTE;

  private static final long NO_DISK = 50 * MEGABYTE;

  /** Batches, lines and decompressors need half of it; docs/memory.md. */
  private static final long LITTLE_HEAP = 64 * MEGABYTE;

  private final Settings settings;

  MachineProbe(Settings settings) {
    this.settings = settings;
  }

  @Override
  public void look(Consumer<Finding> out) {
    try {
      out.accept(disk(Path.of("").toAbsolutePath()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.accept(heap());
    settings.managementPort().ifPresent(port -> out.accept(port(settings.managementHost(), port)));
  }

  private static Finding disk(Path folder) throws IOException {
    FileStore store = Files.getFileStore(folder);
    long free = store.getUsableSpace();
    String what = "%,d of %,d MB are free at %s";
    Object[] sizes = {free / MEGABYTE, store.getTotalSpace() / MEGABYTE, folder};
    if (free < NO_DISK) {
      return Finding.fault("disk", what + "; the log cannot be written for long", sizes);
    }
    return free < LITTLE_DISK
        ? Finding.warning("disk", what + "; make room for the log", sizes)
        : Finding.ok("disk", what, sizes);
  }

  private static Finding heap() {
    long heap = Runtime.getRuntime().maxMemory();
    long memory =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    // Others may be secrets, and say nothing of memory.
    String options =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(option -> option.startsWith("-Xm") || option.startsWith("-XX:+Use"))
            .collect(Collectors.joining(" "));
    String what =
        "%,d MB of heap on a machine with %,d MB (%s)"
            .formatted(
                heap / MEGABYTE, memory / MEGABYTE, options.isEmpty() ? "no options" : options);
    if (heap < LITTLE_HEAP) {
      return Finding.warning("memory", "%s is little; start the JVM with -Xmx96m", what);
    }
    return heap > memory / 2
        ? Finding.warning(
            "memory", "%s leaves too little for the rest; start the JVM with -Xmx96m", what)
        : Finding.ok("memory", "%s", what);
  }

  private static Finding port(String host, int port) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      return Finding.fault(
          "management", "there is no host '%s'; change INGEST_MANAGEMENT_HOST", host);
    }
    InetAddress place = address.getAddress();
    try (ServerSocket free = new ServerSocket()) {
      free.bind(address);
    } catch (BindException e) {
      return Finding.ok(
          "management",
          "port %d of %s is in use: by the instance that runs, or else change INGEST_MANAGEMENT_PORT",
          port,
          host);
    } catch (IOException e) {
      return Finding.fault(
          "management",
          "nobody can listen at port %d of %s: %s; change INGEST_MANAGEMENT_PORT or INGEST_MANAGEMENT_HOST",
          port,
          host,
          e.getMessage());
    }
    String which = port == 0 ? "any free port" : "port %d, which is free,".formatted(port);
    return place.isLoopbackAddress()
        ? Finding.ok("management", "%s of %s, for this machine alone", which, host)
        : Finding.warning(
            "management",
            "other machines may read status and metrics at %s; INGEST_MANAGEMENT_HOST=127.0.0.1 keeps them out",
            host);
  }
}
