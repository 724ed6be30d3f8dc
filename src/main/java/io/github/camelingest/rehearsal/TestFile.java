package io.github.camelingest.rehearsal;

import io.github.camelingest.app.SetupException;
import io.github.camelingest.routes.Folder;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A file with cases for the route of a dataset.
 *
 * @param dataset that its lines are of
 * @param place where it says so
 */
record TestFile(String dataset, Place place, List<TestCase> cases) {

  private static final List<String> KEYS = List.of("dataset", "cases");

  /**
   * @param name of the file; without its ending it is the dataset, unless the file says otherwise
   * @throws SetupException if it cannot be read, or is not written as a test file is
   */
  static TestFile read(Folder folder, String name) {
    String shown = folder.name() + "/" + name;
    try (Reader content = new InputStreamReader(folder.open(name), StandardCharsets.UTF_8)) {
      return of(
          YamlValue.read(shown, content),
          name.substring(0, name.length() - RouteTests.ENDING.length()));
    } catch (IOException e) {
      throw new SetupException("%s cannot be read: %s".formatted(shown, e.getMessage()), e);
    }
  }

  private static TestFile of(YamlValue yaml, String named) {
    Map<String, YamlValue> fields = yaml.fields("a test file", KEYS);
    YamlValue dataset = fields.get("dataset");
    if (!fields.containsKey("cases")) {
      throw yaml.wrong("a test file needs 'cases'");
    }
    return new TestFile(
        dataset == null ? named : dataset.text("dataset"),
        dataset == null ? yaml.place() : dataset.place(),
        fields.get("cases").items("cases").stream().map(TestCase::of).toList());
  }
}
