package io.github.camelingest.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells what is wrong with files before they are used. */
@Command(
    name = "validate",
    description = {
      "Tells what is wrong with files before they are used, and loads nothing.",
      "",
      "Routes in routes/ and their SQL in sql/load/ are tried as a running application does with an edit: YAML, endpoints, "
          + "beans, parameters of SQL, and the SQL itself where PostgreSQL can be reached. Each problem is a line: "
          + "file:line:column: reason.",
      "",
      "With --dataset, the files have lines of a dataset, and each is told that would be rejected.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  camel-ingest validate",
      "  camel-ingest validate draft/visits.camel.yaml draft/visits.sql",
      "  camel-ingest validate visits.jsonl.gz --dataset visits",
      "  zcat visits-*.gz | camel-ingest validate - --dataset visits --json | jq '.[0].rejected'",
      "",
      "Exit codes: 0 nothing is wrong, 1 something is, such as a line that would be rejected, 2 wrong usage or setup."
    },
    mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description =
          "A route (*.camel.yaml) or SQL (*.sql) that is tried in the place of the one of the same name, with all others; "
              + "with --dataset, a file with lines.")
  private List<Path> files = List.of();

  @Option(
      names = "--json",
      description =
          "Print JSON. Of routes: 'valid', an array 'problems' with 'file', 'line', 'column' (0 where the file or line as a "
              + "whole is meant) and 'reason', and 'sql_not_tried', which is null or says why. Of lines: an array with an "
              + "object per file.")
  private boolean json;

  @Mixin private DataOptions data;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    return data.areAsked()
        ? data.validate(files, json, spec.commandLine().getOut())
        : RouteValidation.validate(files, json, spec.commandLine().getOut());
  }
}
