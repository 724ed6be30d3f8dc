package io.github.camelingest.cli;

import io.github.camelingest.app.SetupException;
import java.util.Arrays;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line: without a command it runs. */
@Command(
    name = "camel-ingest",
    description = {
      "Loads JSONL objects from Amazon S3 into PostgreSQL, continuously and exactly once.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      RunCommand.class,
      LoadCommand.class,
      StatusCommand.class,
      RejectsCommand.class,
      ReplayCommand.class,
      ReconcileCommand.class,
      ValidateCommand.class,
      DoctorCommand.class
    },
    synopsisSubcommandLabel = "[COMMAND]",
    footer = {
      "",
      "Without a command: run.",
      "Settings: application.properties beside the jar, or environment variables such as INGEST_BUCKET.",
      "Exit codes: 0 success, 1 some objects were not loaded or a fault was found, 2 wrong usage or setup."
    },
    exitCodeOnInvalidInput = CommandLineInterface.WRONG_SETUP)
public final class CommandLineInterface {

  static final int NOT_ALL_LOADED = 1;
  static final int FAULT = 1;
  static final int WRONG_SETUP = 2;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show more of the log, and the stack trace of an error.")
  void verbose(boolean on) {
    if (on) {
      // Read by logback.xml, which is not loaded before the first logger is.
      System.setProperty("ingest.log.level", "DEBUG");
      System.setProperty("ingest.log.exceptions", "%ex");
    }
  }

  private CommandLineInterface() {}

  /** Runs a command and returns its exit code. */
  public static int execute(String... arguments) {
    CommandLine line = new CommandLine(new CommandLineInterface());
    line.setExecutionExceptionHandler(CommandLineInterface::explain);
    return line.execute(withCommand(arguments));
  }

  private static String[] withCommand(String[] arguments) {
    boolean bare = Arrays.stream(arguments).allMatch("--verbose"::equals);
    return bare
        ? Stream.concat(Arrays.stream(arguments), Stream.of("run")).toArray(String[]::new)
        : arguments;
  }

  private static int explain(Exception e, CommandLine line, CommandLine.ParseResult parsed)
      throws Exception {
    boolean verbose = System.getProperty("ingest.log.exceptions") != null;
    String problem = e instanceof SetupException ? e.getMessage() : "unexpected: " + e;
    // PostgreSQL adds hints in lines of their own.
    String oneLine = problem.strip().replaceAll("\\s*\\R\\s*", "; ");
    line.getErr().println(line.getColorScheme().errorText("camel-ingest: " + oneLine));
    if (verbose) {
      e.printStackTrace(line.getErr());
    } else if (!(e instanceof SetupException)) {
      line.getErr().println("camel-ingest: --verbose shows where");
    }
    return WRONG_SETUP;
  }
}
