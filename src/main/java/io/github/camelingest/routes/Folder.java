package io.github.camelingest.routes;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * A folder of routes, of SQL or of what belongs to them: {@link EditableFolder one that users
 * edit}, or its copy inside the jar. Thread-safe.
 */
public interface Folder {

  /** As users call it, such as {@code sql/load}. */
  String name();

  /** Where Camel finds it: {@code file:} or {@code classpath:} and a path. */
  String location();

  /** Whether it can change: it is no copy inside the jar. */
  boolean isEditable();

  /**
   * Names of the files directly in it, in order; not of hidden ones, which editors leave.
   *
   * @param ending how they end
   * @throws IOException if that cannot be told, or there is no such folder any more
   */
  List<String> files(String ending) throws IOException;

  /** What a file has. */
  InputStream open(String file) throws IOException;
}
