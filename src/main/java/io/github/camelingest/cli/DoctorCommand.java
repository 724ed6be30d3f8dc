package io.github.camelingest.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.camelingest.app.Settings;
import io.github.camelingest.doctor.Examination;
import io.github.camelingest.doctor.Finding;
import io.github.camelingest.doctor.Finding.Verdict;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at everything that the application needs. */
@Command(
    name = "doctor",
    description = {
      "Looks at everything that the application needs: this machine, the database, AWS credentials, the queue, the routes and "
          + "their buckets, and what it costs to list these. Changes nothing. Each line is ok, a warning or a fault with what "
          + "to do.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  camel-ingest doctor",
      "  camel-ingest doctor --json | jq '.[] | select(.verdict != \"ok\")'"
    },
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

  private static final String BELOW = " ".repeat(9);

  @Option(
      names = "--json",
      description =
          "Print JSON, one array with an object per finding: 'verdict', 'subject' and 'what'.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    List<Finding> findings = new ArrayList<>();
    int width = Terminal.width();
    Examination.of(
        Settings.load(),
        finding -> {
          findings.add(finding);
          if (!json) {
            print(finding, width);
          }
        });
    if (json) {
      spec.commandLine().getOut().println(asJson(findings));
    }
    boolean faults = findings.stream().anyMatch(f -> f.verdict() == Verdict.FAULT);
    return faults ? CommandLineInterface.FAULT : 0;
  }

  private void print(Finding finding, int width) {
    String colour =
        switch (finding.verdict()) {
          case OK -> "green";
          case WARNING -> "yellow";
          case FAULT -> "red,bold";
        };
    String verdict = Ansi.AUTO.string("@|%s %-8s|@".formatted(colour, word(finding.verdict())));
    String what = VisibleText.of(finding.subject() + ": " + finding.what());
    List<String> lines = NarrowText.broken(BELOW, what, width);
    PrintWriter out = spec.commandLine().getOut();
    out.println(verdict + lines.get(0).substring(BELOW.length() - 1));
    lines.stream().skip(1).forEach(out::println);
    out.flush();
  }

  private static String word(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }

  private static ArrayNode asJson(List<Finding> findings) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    findings.forEach(
        finding ->
            all.addObject()
                .put("verdict", word(finding.verdict()))
                .put("subject", finding.subject())
                .put("what", finding.what()));
    return all;
  }
}
