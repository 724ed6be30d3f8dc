package io.github.camelingest.cli;

import io.github.camelingest.app.Application;
import io.github.camelingest.app.Settings;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what the ledger knows. */
@Command(
    name = "status",
    description =
        "Shows per dataset how many objects wait, load and are loaded, and their rows and rejected lines; when the buckets "
            + "were last compared with that; what is still to be done with loaded objects; and messages of the queue that came for nothing here.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

  @Option(
      names = "--json",
      description =
          "Print JSON: arrays 'datasets', 'comparisons' and 'after_load', objects 'foreign' and 'unreadable'.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Status status = Application.ask(Settings.load(), Status::of);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(StatusJson.of(status));
    } else {
      new StatusText(out).print(status);
    }
    out.flush();
    return 0;
  }
}
