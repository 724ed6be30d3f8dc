package io.github.camelingest.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells what is wrong with files before they are used. */
@Command(
    name = "validate",
    description = "Tells what is wrong with files before they are used, and loads nothing.",
    footer = {
      "",
      "Examples:",
      "  camel-ingest validate visits.jsonl.gz --dataset visits",
      "  zcat visits-*.gz | camel-ingest validate - --dataset visits --json | jq '.[0].rejected'",
      "",
      "Exit codes: 0 nothing is wrong, 1 something is, such as a line that would be rejected, 2 wrong usage or setup."
    },
    mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "The files.")
  private List<Path> files;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private DataOptions data;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (data.areAsked()) {
      return data.validate(files, json, spec.commandLine().getOut());
    }
    throw new ParameterException(spec.commandLine(), "whose lines are they? --dataset is missing");
  }
}
