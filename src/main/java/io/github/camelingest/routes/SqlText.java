package io.github.camelingest.routes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.component.sql.SqlEndpoint;
import org.apache.camel.support.ResourceHelper;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;
import org.postgresql.core.SqlCommandType;

/** The SQL of a step, in which each character knows its place in the file. */
final class SqlText {

  /** As camel-sql has it, behind its placeholder. */
  private static final Pattern PARAMETER =
      Pattern.compile(":[#?](?:in:)?(\\w+|\\$(?:simple)?\\{[^}]+\\})");

  /** Lines that camel-sql leaves out. */
  private static final Pattern COMMENT = Pattern.compile("(?m)^[ \\t]*--.*$");

  private final Sources sources;
  private final Steps.Step step;

  /** Null where the SQL stands in the route. */
  private final String file;

  private final String sql;
  private final String placeholder;

  private SqlText(Sources sources, Steps.Step step, String file, String sql, String placeholder) {
    this.sources = sources;
    this.step = step;
    this.file = file;
    this.sql = sql;
    this.placeholder = placeholder;
  }

  /**
   * Reads it.
   *
   * @throws IOException if it is in a file that is not there
   */
  static SqlText of(Steps.Step step, SqlEndpoint endpoint, Sources sources) throws IOException {
    String query = endpoint.getQuery();
    String placeholder = endpoint.isUsePlaceholder() ? endpoint.getPlaceholder() : null;
    if (!ResourceHelper.hasScheme(query)) {
      return new SqlText(sources, step, null, query, placeholder);
    }
    try (InputStream content =
        ResourceHelper.resolveMandatoryResourceAsInputStream(endpoint.getCamelContext(), query)) {
      String sql = new String(content.readAllBytes(), StandardCharsets.UTF_8);
      return new SqlText(
          sources,
          step,
          sources.name(query).orElse(query),
          COMMENT.matcher(sql).replaceAll(comment -> " ".repeat(comment.group().length())),
          placeholder);
    }
  }

  /**
   * A parameter.
   *
   * @param name or the expression that gives it
   * @param text as it stands there
   */
  record Parameter(String name, String text, int offset) {}

  List<Parameter> parameters() {
    return PARAMETER
        .matcher(sql)
        .results()
        .map(found -> new Parameter(found.group(1), found.group(), found.start()))
        .toList();
  }

  /**
   * A statement.
   *
   * @param sql with a question mark for each parameter, such that a position that PostgreSQL tells
   *     is one in this text
   */
  record Statement(String sql, int offset) {}

  List<Statement> statements() throws SQLException {
    String marked =
        PARAMETER
            .matcher(sql)
            .replaceAll(parameter -> "?" + " ".repeat(parameter.group().length() - 1));
    if (placeholder != null) {
      marked = marked.replace(placeholder, "?");
    }
    List<Statement> statements = new ArrayList<>();
    int end = 0;
    for (NativeQuery query : Parser.parseJdbcSql(marked, true, false, true, false, false)) {
      int start = marked.indexOf(query.nativeSql, end);
      end = start + query.nativeSql.length();
      if (query.command.getType() != SqlCommandType.BLANK) {
        statements.add(new Statement(withRoomForNumbers(query.nativeSql), start));
      }
    }
    return statements;
  }

  /** The driver makes $1 of the first question mark, which takes a blank behind it. */
  private static String withRoomForNumbers(String statement) {
    StringBuilder roomy = new StringBuilder();
    int parameters = 0;
    for (int i = 0; i < statement.length(); i++) {
      char c = statement.charAt(i);
      roomy.append(c);
      if (c == '?') {
        int digits = Integer.toString(++parameters).length();
        for (;
            digits > 0 && i + 1 < statement.length() && statement.charAt(i + 1) == ' ';
            digits--) {
          i++;
        }
      }
    }
    return roomy.toString();
  }

  /** Something is wrong at an offset; where the SQL stands in the route, with its step. */
  Problem problem(int offset, String reason) {
    if (file == null) {
      return Diagnosis.of(sources, step.definition(), reason);
    }
    String before = sql.substring(0, Math.min(offset, sql.length()));
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    return new Problem(file, line, before.length() - before.lastIndexOf('\n'), reason);
  }
}
