package io.github.camelingest.routes;

import java.util.Optional;
import org.apache.camel.LineNumberAware;
import org.apache.camel.NamedNode;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.util.ObjectHelper;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.springframework.core.NestedExceptionUtils;

/** What an exception of Camel says to who wrote the YAML, and where that is. */
final class Diagnosis {

  private Diagnosis() {}

  /** Somewhere in a file. */
  static Problem of(Sources sources, String file, Exception e) {
    return of(sources, file, 0, Optional.empty(), e);
  }

  /**
   * At the place that the exception names; else at a step; else at a line.
   *
   * @param line from 1; 0 where it is not known
   * @param step that failed
   */
  static Problem of(Sources sources, String file, int line, Optional<NamedNode> step, Exception e) {
    MarkedYamlEngineException marked =
        ObjectHelper.getException(MarkedYamlEngineException.class, e);
    if (marked != null) {
      Optional<Mark> mark = marked.getProblemMark().or(marked::getContextMark);
      String context = marked.getContext() == null ? "" : marked.getContext() + ", ";
      return new Problem(
          file,
          mark.map(m -> m.getLine() + 1).orElse(line),
          mark.map(m -> m.getColumn() + 1).orElse(0),
          oneLine(context + marked.getProblem()));
    }
    String reason = reason(e);
    return step.filter(LineNumberAware.class::isInstance)
        .map(node -> of(sources, node, reason))
        .filter(problem -> problem.line() > 0)
        .orElseGet(() -> at(sources, file, line, reason));
  }

  /** At a step. */
  static Problem of(Sources sources, NamedNode step, String reason) {
    LineNumberAware place = (LineNumberAware) step;
    String location = String.valueOf(place.getLocation());
    return at(sources, sources.name(location).orElse(location), place.getLineNumber(), reason);
  }

  /**
   * Where a line begins.
   *
   * @param line from 1; 0 where it is not known
   */
  static Problem at(Sources sources, String file, int line, String reason) {
    int column =
        sources
            .text(file)
            .flatMap(text -> text.lines().skip(Math.max(line, 1) - 1L).findFirst())
            .stream()
            .mapToInt(text -> text.length() - text.stripLeading().length() + 1)
            .findFirst()
            .orElse(0);
    return new Problem(file, Math.max(line, 0), line > 0 ? column : 0, reason);
  }

  /** The number of the n-th line that has something, from 1; 0 where there is none. */
  static int lineOf(String text, String something, int n) {
    int found = 0;
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (line.contains(something) && !line.strip().startsWith("#") && found++ == n) {
        return number;
      }
    }
    return 0;
  }

  private static String reason(Exception e) {
    NoSuchBeanException noBean = ObjectHelper.getException(NoSuchBeanException.class, e);
    if (noBean != null) {
      return "there is no bean '%s'".formatted(noBean.getName());
    }
    Throwable root = NestedExceptionUtils.getMostSpecificCause(e);
    return oneLine(root.getMessage() == null ? root.toString() : root.getMessage());
  }

  static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
