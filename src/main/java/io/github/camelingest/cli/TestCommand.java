package io.github.camelingest.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelingest.app.Home;
import io.github.camelingest.app.Settings;
import io.github.camelingest.app.SetupException;
import io.github.camelingest.rehearsal.CaseResult;
import io.github.camelingest.rehearsal.Difference;
import io.github.camelingest.rehearsal.RouteTests;
import io.github.camelingest.routes.EditableFolder;
import io.github.camelingest.routes.Folder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs the tests of routes that stand beside them. */
@Command(
    name = "test",
    description = {
      "Runs the routes on the lines of test files, such as routes/visits.test.yaml, and compares what becomes of the lines with what the files say.",
      "Needs no S3 and no PostgreSQL, and changes nothing."
    },
    footer = {
      "",
      "Examples:",
      "  camel-ingest test",
      "  camel-ingest test routes/visits.test.yaml",
      "  camel-ingest test --json | jq '.cases[] | select(.ok | not)'",
      "",
      "Exit codes: 0 every case came out as it says, 1 some did not, 2 a file or a route is wrong."
    },
    mixinStandardHelpOptions = true)
final class TestCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "FILE|FOLDER",
      arity = "0..*",
      description =
          "Test files, or folders with such; the routes are those beside them. Left out: the routes that the application runs.")
  private List<Path> paths = List.of();

  @Option(names = "--json", description = "Print JSON, an object with an entry per case.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Settings settings = Settings.load();
    List<CaseResult> results = new ArrayList<>();
    try {
      filesByFolder()
          .forEach((folder, names) -> results.addAll(RouteTests.run(settings, folder, names)));
    } catch (IOException e) {
      throw new SetupException("the test files cannot be found: " + e.getMessage(), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(json(results));
    } else {
      print(results, out);
    }
    out.flush();
    return results.stream().allMatch(CaseResult::isOk) ? 0 : CommandLineInterface.FAULT;
  }

  private Map<Folder, List<String>> filesByFolder() throws IOException {
    Map<Folder, List<String>> files = new LinkedHashMap<>();
    if (paths.isEmpty()) {
      Folder folder = Home.folder("routes");
      files.put(folder, namesIn(folder));
    }
    Map<Path, List<String>> single = new LinkedHashMap<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        Folder folder = EditableFolder.at(path);
        single.computeIfAbsent(path, p -> new ArrayList<>()).addAll(namesIn(folder));
      } else {
        check(path);
        Path parent = path.toAbsolutePath().getParent();
        single.computeIfAbsent(parent, p -> new ArrayList<>()).add(path.getFileName().toString());
      }
    }
    single.forEach((path, names) -> files.put(EditableFolder.at(path), names));
    return files;
  }

  private static List<String> namesIn(Folder folder) throws IOException {
    List<String> names = folder.files(RouteTests.ENDING);
    if (names.isEmpty()) {
      throw new SetupException(
          "there are no tests in %s: no file there ends with %s"
              .formatted(folder.name(), RouteTests.ENDING));
    }
    return names;
  }

  private static void check(Path file) {
    if (!Files.exists(file)) {
      throw new SetupException("%s: there is no such file or folder".formatted(file));
    }
    if (!file.toString().endsWith(RouteTests.ENDING)) {
      throw new SetupException(
          "%s is no test file: their names end with %s".formatted(file, RouteTests.ENDING));
    }
  }

  private void print(List<CaseResult> results, PrintWriter out) {
    Ansi ansi = spec.commandLine().getColorScheme().ansi();
    String ok = ansi.string("@|green ok     |@");
    String differs = ansi.string("@|bold,red differs|@");
    for (CaseResult result : results) {
      out.printf(
          "%s %s:%d: %s%n",
          result.isOk() ? ok : differs,
          VisibleText.of(result.place().file()),
          result.place().line(),
          VisibleText.of(result.name()));
      for (Difference difference : result.differences()) {
        out.printf(
            "        %s: %s%n",
            VisibleText.of(difference.place().toString()), VisibleText.of(difference.toString()));
      }
    }
    long differing = results.stream().filter(result -> !result.isOk()).count();
    out.printf("%,d cases, %,d differ%n", results.size(), differing);
  }

  private static ObjectNode json(List<CaseResult> results) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    ArrayNode cases = all.putArray("cases");
    for (CaseResult result : results) {
      ObjectNode one =
          cases
              .addObject()
              .put("file", result.place().file())
              .put("line", result.place().line())
              .put("dataset", result.dataset())
              .put("name", result.name())
              .put("ok", result.isOk());
      ArrayNode differences = one.putArray("differences");
      for (Difference difference : result.differences()) {
        ObjectNode node =
            differences
                .addObject()
                .put("at", difference.place().toString())
                .put("expected", difference.expected())
                .put("actual", difference.actual());
        if (difference.line() > 0) {
          node.put("line", difference.line());
        }
        if (difference.column() != null) {
          node.put("column", difference.column());
        }
      }
    }
    all.put("ok", results.stream().allMatch(CaseResult::isOk));
    return all;
  }
}
