package io.github.camelingest.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelingest.routes.Outcome.Contents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files' routes an edit concerns. */
class ChangeTest {

  @TempDir Path folder;

  private static final Contents NOTHING =
      new Contents(Set.of(), Set.of(), Set.of(), false, Set.of());

  private final Map<String, String> files =
      new HashMap<>(Map.of("a", "- a", "b", "- b uses sharedBean", "c", "- c"));
  private final Map<String, Contents> now =
      new HashMap<>(
          Map.of(
              "routes/a.camel.yaml",
              NOTHING,
              "routes/b.camel.yaml",
              NOTHING,
              "routes/c.camel.yaml",
              NOTHING));

  @Test
  void aFileConcernsItself() throws IOException {
    assertThat(edited("a", now)).containsExactly("routes/a.camel.yaml");
  }

  @Test
  void aNewOneAndOneThatIsDeletedToo() throws IOException {
    Sources before = sources();
    files.remove("a");
    files.put("d", "- d");

    assertThat(change(before, now).routeFiles())
        .containsExactly("routes/a.camel.yaml", "routes/d.camel.yaml");
  }

  @Test
  void aTemplateConcernsWhatIsMadeOfIt() throws IOException {
    now.put(
        "routes/a.camel.yaml", new Contents(Set.of("lines"), Set.of(), Set.of(), false, Set.of()));
    now.put(
        "routes/c.camel.yaml", new Contents(Set.of(), Set.of("lines"), Set.of(), false, Set.of()));

    assertThat(edited("a", now)).containsExactly("routes/a.camel.yaml", "routes/c.camel.yaml");
  }

  @Test
  void aBeanConcernsWhatNamesIt() throws IOException {
    now.put(
        "routes/a.camel.yaml",
        new Contents(Set.of(), Set.of(), Set.of("sharedBean"), false, Set.of()));

    assertThat(edited("a", now)).containsExactly("routes/a.camel.yaml", "routes/b.camel.yaml");
  }

  @Test
  void aRouteConfigurationConcernsAll() throws IOException {
    Map<String, Contents> wanted = new HashMap<>(now);
    wanted.put("routes/a.camel.yaml", new Contents(Set.of(), Set.of(), Set.of(), true, Set.of()));

    assertThat(edited("a", wanted)).hasSize(3);
  }

  @Test
  void sqlConcernsWhatRunsIt() throws IOException {
    now.put(
        "routes/b.camel.yaml",
        new Contents(Set.of(), Set.of(), Set.of(), false, Set.of("sql/load/x.sql")));
    Sources before = sources();
    files.put("x", "select 1");

    Change change = change(before, now);

    assertThat(change.routeFiles()).containsExactly("routes/b.camel.yaml");
    assertThat(change).hasToString("sql/load/x.sql");
  }

  private Set<String> edited(String file, Map<String, Contents> wanted) throws IOException {
    Sources before = sources();
    files.merge(file, " edited", String::concat);
    return change(before, wanted).routeFiles();
  }

  private Change change(Sources before, Map<String, Contents> wanted) throws IOException {
    Outcome good = new Outcome(List.of(), Optional.empty(), wanted);
    return Change.of(before, now, sources(), good, Set.of());
  }

  /** Routes, but for x, which is SQL. */
  private Sources sources() throws IOException {
    Path home = Files.createTempDirectory(folder, "home");
    EditableFolder routes = folder(home, "routes");
    EditableFolder sql = folder(home, "sql/load");
    for (Map.Entry<String, String> file : files.entrySet()) {
      String name = file.getKey();
      Files.writeString(
          name.equals("x")
              ? sql.path().resolve(name + ".sql")
              : routes.path().resolve(name + Sources.ROUTE),
          file.getValue());
    }
    return Sources.read(routes, sql);
  }

  private static EditableFolder folder(Path home, String name) throws IOException {
    return new EditableFolder(name, Files.createDirectories(home.resolve(name)));
  }
}
