package io.github.camelingest.routes;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a trial of routes and SQL has found.
 *
 * @param problems none where all of it would run
 * @param notPrepared why PostgreSQL was not asked about some SQL; nothing where it was
 * @param contents what is in each file with routes that could be read
 */
public record Outcome(
    List<Problem> problems, Optional<String> notPrepared, Map<String, Contents> contents) {

  public Outcome {
    problems = List.copyOf(problems);
    contents = Map.copyOf(contents);
  }

  /** Whether all of it would run. */
  public boolean isGood() {
    return problems.isEmpty();
  }

  /**
   * What a file has that concerns others, and what it needs of them.
   *
   * @param templates ids of route templates in it
   * @param made ids of the templates that its routes are made of, in whatever file they are
   * @param beans names of beans in it
   * @param configures whether it configures the routes of other files
   * @param sql files with the SQL of its routes
   */
  public record Contents(
      Set<String> templates,
      Set<String> made,
      Set<String> beans,
      boolean configures,
      Set<String> sql) {}
}
