package io.github.camelingest.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelingest.app.Settings;
import io.github.camelingest.app.Validation;
import io.github.camelingest.routes.Outcome;
import io.github.camelingest.routes.Problem;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/** What of {@link ValidateCommand} is about routes and their SQL. */
final class RouteValidation {

  private RouteValidation() {}

  /**
   * Tells what is wrong with the routes and their SQL.
   *
   * @param files stand in for those of the same names
   * @param json whether for programs
   * @return the exit code
   */
  static int validate(List<Path> files, boolean json, PrintWriter out) {
    Outcome outcome = new Validation(Settings.load()).of(files);
    if (json) {
      out.println(json(outcome));
    } else {
      outcome.problems().forEach(out::println);
      outcome.notPrepared().ifPresent(why -> out.println("SQL was not tried: " + why));
      if (outcome.isGood()) {
        out.println("no problem was found");
      }
    }
    out.flush();
    return outcome.isGood() ? 0 : CommandLineInterface.FAULT;
  }

  private static String json(Outcome outcome) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    all.put("valid", outcome.isGood());
    ArrayNode problems = all.putArray("problems");
    for (Problem problem : outcome.problems()) {
      problems
          .addObject()
          .put("file", problem.file())
          .put("line", problem.line())
          .put("column", problem.column())
          .put("reason", problem.reason());
    }
    all.put("sql_not_tried", outcome.notPrepared().orElse(null));
    return all.toString();
  }
}
