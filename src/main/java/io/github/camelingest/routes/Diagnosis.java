package io.github.camelingest.routes;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.LineNumberAware;
import org.apache.camel.NamedNode;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.component.bean.MethodNotFoundException;
import org.apache.camel.util.ObjectHelper;
import org.apache.camel.util.StringHelper;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.springframework.core.NestedExceptionUtils;

/** What an exception of Camel says to who wrote the YAML, and where that is. */
final class Diagnosis {

  private static final Pattern QUOTED = Pattern.compile("'([^']+)'");

  /** As camel-support's DefaultComponent says it. */
  private static final Pattern UNKNOWN_PARAMETERS =
      Pattern.compile("Unknown parameters=\\[\\{([^=}]+)");

  /** How Camel names a placeholder, a bean or a template that is not there: without quotes. */
  private static final Pattern PLAIN_NAME =
      Pattern.compile(
          "^(Property with key |.*\\bwith name: |ExecutorServiceRef |Cannot find RouteTemplate with id )\\[?(#?[\\w.-]+)]?(.*)$");

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
      String problem = oneLine(context + marked.getProblem());
      return mark.isPresent() ? at(file, mark, problem) : new Problem(file, line, 0, problem);
    }
    String reason = reason(e);
    return step.filter(LineNumberAware.class::isInstance)
        .map(node -> of(sources, node, reason))
        .filter(problem -> problem.line() > 0)
        .orElseGet(() -> at(sources, file, line, reason));
  }

  /** Where the parser of YAML was. */
  static Problem at(String file, Optional<Mark> mark, String reason) {
    return new Problem(
        file,
        mark.map(m -> m.getLine() + 1).orElse(0),
        mark.map(m -> m.getColumn() + 1).orElse(0),
        reason);
  }

  /** At a step. */
  static Problem of(Sources sources, NamedNode step, String reason) {
    LineNumberAware place = (LineNumberAware) step;
    String location = String.valueOf(place.getLocation());
    return at(sources, sources.name(location).orElse(location), place.getLineNumber(), reason);
  }

  /**
   * At the first word from a line on that the reason quotes, if that is there; else where the line
   * begins.
   *
   * @param line from 1; 0 where it is not known
   */
  static Problem at(Sources sources, String file, int line, String reason) {
    List<String> lines =
        sources.text(file).map(String::lines).map(Stream::toList).orElse(List.of());
    Matcher quoted = QUOTED.matcher(reason);
    while (quoted.find()) {
      Pattern word =
          Pattern.compile("(?<![\\w.-])" + Pattern.quote(quoted.group(1)) + "(?![\\w-])");
      for (int i = Math.max(line, 1) - 1; i < lines.size(); i++) {
        Matcher there = word.matcher(lines.get(i));
        if (!lines.get(i).strip().startsWith("#") && there.find()) {
          return new Problem(file, i + 1, there.start() + 1, reason);
        }
      }
    }
    if (line < 1 || line > lines.size()) {
      return new Problem(file, 0, 0, reason);
    }
    String text = lines.get(line - 1);
    return new Problem(file, line, text.length() - text.stripLeading().length() + 1, reason);
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

  /** In the words of who wrote the YAML, with what is wrong in quotes. */
  private static String reason(Exception e) {
    NoSuchBeanException noBean = ObjectHelper.getException(NoSuchBeanException.class, e);
    if (noBean != null) {
      return "there is no bean '%s'".formatted(noBean.getName());
    }
    MethodNotFoundException noMethod = ObjectHelper.getException(MethodNotFoundException.class, e);
    if (noMethod != null) {
      return "the bean has no method '%s'".formatted(noMethod.getMethodName());
    }
    ClassNotFoundException noClass = ObjectHelper.getException(ClassNotFoundException.class, e);
    if (noClass != null) {
      return "there is no class '%s'".formatted(noClass.getMessage());
    }
    NoSuchEndpointException noEndpoint =
        ObjectHelper.getException(NoSuchEndpointException.class, e);
    if (noEndpoint != null) {
      return "there is no component '%s'"
          .formatted(StringHelper.before(noEndpoint.getUri(), ":", noEndpoint.getUri()));
    }
    Throwable root = NestedExceptionUtils.getMostSpecificCause(e);
    String message = oneLine(root.getMessage() == null ? root.toString() : root.getMessage());
    Matcher unknown = UNKNOWN_PARAMETERS.matcher(message);
    if (unknown.find()) {
      return "there is no parameter '%s'".formatted(unknown.group(1));
    }
    return PLAIN_NAME.matcher(message).replaceFirst("$1'$2'$3");
  }

  static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
