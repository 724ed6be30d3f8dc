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
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells what is wrong with routes and their SQL before they run. */
@Command(
    name = "validate",
    description =
        "Tries the routes in routes/ and their SQL in sql/load/ as a running application does with an edit, and loads nothing: "
            + "YAML, endpoints, beans, parameters of SQL, and the SQL itself where PostgreSQL can be reached.",
    footer = {
      "",
      "Each problem is a line: file:line:column: reason. Exit code 1 if there is one.",
      "",
      "Examples:",
      "  camel-ingest validate",
      "  camel-ingest validate draft/visits.camel.yaml draft/visits.sql",
      "  camel-ingest validate --json"
    },
    mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description =
          "A route (*.camel.yaml) or SQL (*.sql) that is tried in the place of the one of the same name, with all others.")
  private List<Path> files = List.of();

  @Option(
      names = "--json",
      description =
          "Print JSON: 'valid', an array 'problems' with 'file', 'line', 'column' (0 where the file or line as a whole is meant) "
              + "and 'reason', and 'sql_not_tried', which is null or says why.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Outcome outcome = new Validation(Settings.load()).of(files);
    PrintWriter out = spec.commandLine().getOut();
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
