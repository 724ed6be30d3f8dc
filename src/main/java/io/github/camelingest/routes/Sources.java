package io.github.camelingest.routes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The routes and their SQL as the files had them at one moment. Files are known by names as users
 * write them: {@code routes/visits.camel.yaml}. Immutable and thread-safe.
 */
public final class Sources {

  /** How the names of files with routes end. */
  public static final String ROUTE = ".camel.yaml";

  private static final String SQL = ".sql";

  /** No route or SQL is that long; whatever is does not belong on this heap. */
  private static final int MOST_BYTES = 1024 * 1024;

  private static final String FILE = "file:";

  private final Folder routes;
  private final Folder sql;
  private final Map<String, String> texts;

  /** Why files cannot be read, by their names. */
  private final Map<String, String> unreadable;

  private Sources(
      Folder routes, Folder sql, Map<String, String> texts, Map<String, String> unreadable) {
    this.routes = routes;
    this.sql = sql;
    this.texts = texts;
    this.unreadable = unreadable;
  }

  /**
   * Reads all routes and SQL there are.
   *
   * @throws IOException if a folder cannot be listed; a file that cannot be read is a problem of
   *     its own
   */
  public static Sources read(Folder routes, Folder sql) throws IOException {
    Sources sources = new Sources(routes, sql, new TreeMap<>(), new TreeMap<>());
    sources.addAll(routes, ROUTE);
    sources.addAll(sql, SQL);
    return sources;
  }

  private void addAll(Folder folder, String ending) throws IOException {
    for (String file : folder.files(ending)) {
      add(folder, file);
    }
  }

  private void add(Folder folder, String file) {
    String name = folder.name() + "/" + file;
    try (InputStream content = folder.open(file)) {
      texts.put(name, text(content));
    } catch (NoSuchFileException e) {
      // Gone since the folder was listed.
    } catch (IOException e) {
      unreadable.put(name, "it cannot be read: " + e.getMessage());
    }
  }

  private static String text(InputStream content) throws IOException {
    byte[] bytes = content.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new IOException("it has more than %d bytes".formatted(MOST_BYTES));
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("it is not UTF-8", e);
    }
  }

  /**
   * These, with files of others in place of theirs, or without those that others do not have.
   *
   * @param names of the files
   */
  Sources with(Sources others, Collection<String> names) {
    Sources both = new Sources(routes, sql, new TreeMap<>(texts), new TreeMap<>(unreadable));
    for (String name : names) {
      both.texts.remove(name);
      both.unreadable.remove(name);
      others.text(name).ifPresent(text -> both.texts.put(name, text));
      Optional.ofNullable(others.unreadable.get(name))
          .ifPresent(why -> both.unreadable.put(name, why));
    }
    return both;
  }

  /**
   * These, with other files in place of those of the same names.
   *
   * @throws IOException if one cannot be read
   * @throws IllegalArgumentException if one is not there, or neither a route nor SQL by its name
   */
  public Sources with(List<Path> files) throws IOException {
    Sources all = new Sources(routes, sql, new TreeMap<>(texts), new TreeMap<>(unreadable));
    for (Path file : files) {
      String name = file.getFileName().toString();
      if (!name.endsWith(ROUTE) && !name.endsWith(SQL)) {
        throw new IllegalArgumentException(
            "%s is neither a route (*%s) nor SQL (*%s)".formatted(file, ROUTE, SQL));
      }
      if (!Files.isRegularFile(file)) {
        throw new IllegalArgumentException(file + ": there is no such file");
      }
      Folder folder = name.endsWith(ROUTE) ? routes : sql;
      try (InputStream content = Files.newInputStream(file)) {
        all.texts.put(folder.name() + "/" + name, text(content));
      }
    }
    return all;
  }

  /** Names of the files that are not the same in both. */
  Set<String> differences(Sources others) {
    return Stream.of(texts, others.texts, unreadable, others.unreadable)
        .flatMap(files -> files.keySet().stream())
        .filter(
            name ->
                !Objects.equals(texts.get(name), others.texts.get(name))
                    || !Objects.equals(unreadable.get(name), others.unreadable.get(name)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Names of the files with routes, in order. */
  public List<String> routeFiles() {
    return texts.keySet().stream().filter(name -> name.endsWith(ROUTE)).toList();
  }

  /** Names of all files, in order. */
  public Set<String> names() {
    return texts.keySet();
  }

  /** A problem for each file that cannot be read. */
  List<Problem> unreadable() {
    return unreadable.entrySet().stream()
        .map(file -> new Problem(file.getKey(), 0, 0, file.getValue()))
        .toList();
  }

  /** What a file has. */
  Optional<String> text(String name) {
    return Optional.ofNullable(texts.get(name));
  }

  /** Where Camel finds a file. */
  String location(String name) {
    Folder folder = name.endsWith(ROUTE) ? routes : sql;
    return folder.location() + name.substring(folder.name().length());
  }

  /** The name of the file that Camel finds somewhere, if it is one of these. */
  Optional<String> name(String location) {
    return texts.keySet().stream().filter(name -> same(location(name), location)).findFirst();
  }

  private static boolean same(String one, String other) {
    return one.startsWith(FILE) && other.startsWith(FILE)
        ? path(one).equals(path(other))
        : one.equals(other);
  }

  private static Path path(String location) {
    return Path.of(location.substring(FILE.length())).normalize();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Sources s && differences(s).isEmpty();
  }

  @Override
  public int hashCode() {
    return texts.hashCode();
  }
}
