package io.github.camelingest.routes;

import io.github.camelingest.routes.Outcome.Contents;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * From what runs to what is wanted.
 *
 * @param wanted what is to run
 * @param files of which something was saved
 * @param routeFiles whose routes are to be replaced, started or stopped: those that were saved,
 *     those whose SQL was, and those that use what is in one that was
 * @param contents what is in its files
 * @param unasked whether PostgreSQL could not be asked about all of its SQL
 */
record Change(
    Sources wanted,
    Set<String> files,
    Set<String> routeFiles,
    Map<String, Contents> contents,
    boolean unasked) {

  /**
   * @param now what is in the files that run
   * @param lost files whose routes do not run although they should
   */
  static Change of(
      Sources running, Map<String, Contents> now, Sources wanted, Outcome tried, Set<String> lost) {
    Set<String> files = running.differences(wanted);
    Set<String> all = new TreeSet<>(running.routeFiles());
    all.addAll(wanted.routeFiles());
    List<Contents> saved =
        files.stream().flatMap(file -> versions(file, now, tried.contents())).toList();
    Set<String> routeFiles = new TreeSet<>(lost);
    for (String file : all) {
      if (files.contains(file)
          || versions(file, now, tried.contents()).anyMatch(c -> uses(c, files, saved))
          || saved.stream().anyMatch(Contents::configures)
          || names(wanted.text(file).orElse(""), saved)) {
        routeFiles.add(file);
      }
    }
    return new Change(wanted, files, routeFiles, tried.contents(), tried.notPrepared().isPresent());
  }

  /** What a file has, before and afterwards. */
  private static Stream<Contents> versions(
      String file, Map<String, Contents> now, Map<String, Contents> wanted) {
    return Stream.of(now, wanted).filter(c -> c.containsKey(file)).map(c -> c.get(file));
  }

  private static boolean uses(Contents file, Collection<String> files, List<Contents> saved) {
    return file.sql().stream().anyMatch(files::contains)
        || saved.stream()
            .flatMap(other -> other.templates().stream())
            .anyMatch(file.made()::contains);
  }

  /** Whether it has the name of a bean; that it means the bean is not worth finding out. */
  private static boolean names(String text, List<Contents> saved) {
    return saved.stream()
        .flatMap(other -> other.beans().stream())
        .anyMatch(
            bean -> Pattern.compile("\\b" + Pattern.quote(bean) + "\\b").matcher(text).find());
  }

  @Override
  public String toString() {
    return String.join(", ", files.isEmpty() ? routeFiles : files);
  }
}
