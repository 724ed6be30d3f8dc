package io.github.camelingest.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that loads, as a process: it says {@code ready}, begins at a line, says {@code done}
 * and ends with its input.
 */
final class Client implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 20;

  private final Process process;
  private final Path log;
  private final BufferedReader out;
  private final BufferedWriter in;

  /** What makes it begin. */
  private final String begin;

  private Client(Process process, Path log, String begin) {
    this.process = process;
    this.log = log;
    this.begin = begin;
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    in =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
  }

  /** A program that keeps to the protocol by itself. */
  static Client peer(Target target, String name, List<String> command) throws IOException {
    return start(target, name, command, "begin");
  }

  /** psql, which keeps to the protocol with this script. */
  static Client psql(Target target, String name, String psql, String script) throws IOException {
    Client client =
        start(
            target,
            name,
            List.of(psql, "-XqAt", "-v", "ON_ERROR_STOP=1"),
            script + "\n\\echo done");
    client.say("\\echo ready");
    return client;
  }

  private static Client start(Target target, String name, List<String> command, String begin)
      throws IOException {
    Path log = target.folder().resolve(name.replace(' ', '-') + ".log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().putAll(target.environment());
    return new Client(builder.start(), log, begin);
  }

  /** It ended before it was done. */
  static final class Failure extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private Failure(String message) {
      super(message);
    }
  }

  long pid() {
    return process.pid();
  }

  void awaitReady() throws IOException {
    await("ready");
  }

  void begin() throws IOException {
    say(begin);
  }

  void awaitDone() throws IOException {
    await("done");
  }

  private void say(String line) throws IOException {
    in.write(line);
    in.newLine();
    in.flush();
  }

  private void await(String word) throws IOException {
    String line = out.readLine();
    while (line != null && !line.equals(word)) {
      line = out.readLine();
    }
    if (line == null) {
      throw new Failure(
          "it ended before it was %s; its log %s:%n%s".formatted(word, log, Files.readString(log)));
    }
  }

  /** Ends it; kills it if that takes too long. */
  @Override
  public void close() throws IOException {
    try {
      in.close();
    } catch (IOException e) {
      // It is over already.
    }
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
