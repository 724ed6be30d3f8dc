package io.github.camelingest.rehearsal;

import io.github.camelingest.app.Settings;
import io.github.camelingest.app.SetupException;
import io.github.camelingest.routes.Folder;
import java.util.List;

/** The tests of routes that stand beside them, without any server. */
public final class RouteTests {

  /** How the names of test files end. */
  public static final String ENDING = ".test.yaml";

  private RouteTests() {}

  /**
   * Runs all cases of test files against the routes of their folder.
   *
   * @param names of the files
   * @throws SetupException if a file or a route is wrong
   */
  public static List<CaseResult> run(Settings settings, Folder folder, List<String> names) {
    List<TestFile> files = names.stream().map(name -> TestFile.read(folder, name)).toList();
    try (Rehearsal routes = new Rehearsal(settings, folder)) {
      files.forEach(file -> check(file, routes));
      return files.stream()
          .flatMap(file -> file.cases().stream().map(test -> test.run(routes, file.dataset())))
          .toList();
    }
  }

  private static void check(TestFile file, Rehearsal routes) {
    if (!routes.datasets().contains(file.dataset())) {
      throw file.place()
          .wrong(
              "there is no dataset '%s'; there are %s"
                  .formatted(file.dataset(), routes.datasets()));
    }
  }
}
