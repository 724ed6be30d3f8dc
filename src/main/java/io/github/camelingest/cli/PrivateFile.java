package io.github.camelingest.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that only its owner may read, where the file system knows owners, and that appears only
 * once it is complete; until then an earlier one of its name stays.
 */
final class PrivateFile implements AutoCloseable {

  private final Path path;
  private final Path incomplete;
  private final OutputStream out;

  /**
   * @throws IOException if no file can be written there
   */
  PrivateFile(Path path) throws IOException {
    // The link stays, what it points to is replaced.
    this.path = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
    if (Files.exists(this.path) && !Files.isRegularFile(this.path)) {
      throw new FileSystemException(path.toString(), null, "it is not a file");
    }
    // Made readable for its owner alone.
    incomplete = Files.createTempFile(this.path.getParent(), ".camel-ingest-", ".tmp");
    // For Ctrl-C.
    incomplete.toFile().deleteOnExit();
    out = new BufferedOutputStream(Files.newOutputStream(incomplete));
  }

  OutputStream out() {
    return out;
  }

  /** The file is complete: puts it in its place. */
  void complete() throws IOException {
    out.close();
    Files.move(
        incomplete, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Leaves nothing behind of a file that is not complete. */
  @Override
  public void close() throws IOException {
    try {
      out.close();
    } finally {
      Files.deleteIfExists(incomplete);
    }
  }
}
