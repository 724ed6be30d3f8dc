package io.github.camelingest.cli;

import io.github.camelingest.app.SetupException;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.UsageMessageSpec;
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
      TestCommand.class,
      ValidateCommand.class,
      DoctorCommand.class,
      AutoComplete.GenerateCompletion.class
    },
    synopsisSubcommandLabel = "[COMMAND]",
    footer = {
      "",
      "Without a command: run.",
      "Settings: application.properties beside the jar, or environment variables such as INGEST_BUCKET.",
      "",
      "Examples:",
      "  camel-ingest doctor",
      "  camel-ingest load visits --wait",
      "  camel-ingest COMMAND --help"
    },
    exitCodeOnInvalidInput = CommandLineInterface.WRONG_SETUP)
public final class CommandLineInterface {

  static final int NOT_ALL_LOADED = 1;
  static final int FAULT = 1;
  static final int WRONG_SETUP = 2;

  private static final Map<String, String> EXIT_CODES = new LinkedHashMap<>();

  static {
    EXIT_CODES.put(" 0", "success");
    EXIT_CODES.put(" 1", "not everything was loaded, or a fault was found");
    EXIT_CODES.put(" 2", "wrong usage, a wrong setting, or a server that does not let us in");
  }

  /** In columns; picocli's least. */
  private static final int NARROW = 55;

  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show more of the log, and the stack trace of an error.")
  void verbose(boolean on) {
    if (on) {
      // Read by logback.xml, which is not loaded before the first logger is.
      System.setProperty("ingest.log.level", "DEBUG");
      System.setProperty("ingest.log.exceptions", "%ex");
      System.setProperty("ingest.log.throwables", "true");
    }
  }

  private CommandLineInterface() {}

  /** Runs a command and returns its exit code. */
  public static int execute(String... arguments) {
    StandardOutput output = new StandardOutput();
    CommandLine line = new CommandLine(new CommandLineInterface());
    line.setOut(new PrintWriter(new OutputStreamWriter(output, charset()), true));
    line.setExecutionExceptionHandler(CommandLineInterface::explain);
    // Asked only for help, and once.
    AtomicInteger width = new AtomicInteger();
    describe(line, () -> width.updateAndGet(known -> known == 0 ? Terminal.width() : known));
    int exitCode = line.execute(withCommand(arguments));
    line.getOut().flush();
    return output.failure().map(failure -> unwritten(failure, line)).orElse(exitCode);
  }

  /** Says of a command and those below it how they may end; help fits the terminal. */
  private static void describe(CommandLine line, IntSupplier width) {
    UsageMessageSpec usage = line.getCommandSpec().usageMessage();
    usage.autoWidth(true);
    usage.exitCodeListHeading("%nExit codes:%n");
    usage.exitCodeList(EXIT_CODES);
    usage
        .sectionMap()
        .replaceAll((name, section) -> help -> fitting(section.render(help), width.getAsInt()));
    line.getSubcommands().values().forEach(command -> describe(command, width));
  }

  private static String fitting(String help, int width) {
    return width < NARROW ? NarrowText.of(COLOUR.matcher(help).replaceAll(""), width) : help;
  }

  /** As a print stream would have it. */
  private static Charset charset() {
    String name = System.getProperty("stdout.encoding", System.getProperty("native.encoding"));
    return name == null ? Charset.defaultCharset() : Charset.forName(name);
  }

  private static String[] withCommand(String[] arguments) {
    boolean bare = Arrays.stream(arguments).allMatch("--verbose"::equals);
    return bare
        ? Stream.concat(Arrays.stream(arguments), Stream.of("run")).toArray(String[]::new)
        : arguments;
  }

  private static int unwritten(IOException failure, CommandLine line) {
    return explain(
        new SetupException("standard output cannot be written: " + failure.getMessage(), failure),
        line,
        null);
  }

  private static int explain(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
    boolean verbose = System.getProperty("ingest.log.exceptions") != null;
    String problem = e instanceof SetupException ? e.getMessage() : "unexpected: " + e;
    // PostgreSQL adds hints in lines of their own.
    String oneLine = problem.strip().replaceAll("\\s*\\R\\s*", "; ");
    // Without colours: where standard error goes, nobody can tell.
    line.getErr().println("camel-ingest: " + oneLine);
    if (verbose) {
      e.printStackTrace(line.getErr());
    } else if (!(e instanceof SetupException)) {
      line.getErr().println("camel-ingest: --verbose shows where");
    }
    return WRONG_SETUP;
  }
}
