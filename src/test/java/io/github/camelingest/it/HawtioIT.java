package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelingest.local.SampleData;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** {@code ./manage.sh hawtio}: the routes in a browser, without anything to fill in before. */
class HawtioIT {

  private static final int FILES = 3;

  private final Space space = Space.create();

  @Test
  void showsTheRouteOfVisitsWithItsCounts() throws IOException {
    // Given
    Map<String, String> environment =
        Jar.with(space.environment(), "INGEST_MANAGEMENT_PASSWORD", "nobody's");
    String[] visits = new SampleData(1).visits(3_000).split("(?<=\n)");
    for (int file = 0; file < FILES; file++) {
      List<String> lines = List.of(visits).subList(file * 1_000, (file + 1) * 1_000);
      space.put("visits/%d.jsonl".formatted(file), String.join("", lines));
    }
    try (Jar jar = Jar.start(Jar.watched(environment), "run");
        Browser browser = Browser.open()) {
      jar.awaitReady();
      OutageIT.awaitLoaded(jar, space, FILES);
      jar.awaitUntil(() -> !jar.watchedAt().isEmpty());
      Process hawtio = start(jar.watchedAt());
      try (BufferedReader address = hawtio.inputReader()) {
        // When
        browser.resize(1280, 1500);
        browser.visit(address.readLine());
        click(browser, ".pf-v5-c-tree-view__node", "visits");
        click(browser, ".pf-v5-c-nav__link", "Route Diagram");

        // Then
        browser.await(
            "the count of objects at the step visits-await",
            () -> texts(browser, ".react-flow__node").anyMatch(t -> isCounted(t, "awaitL")));
        assertThat(texts(browser, ".react-flow__node"))
            .as("steps of the route")
            .hasSizeGreaterThan(10);
        browser.screenshot(Path.of("docs", "hawtio.png"));
      } finally {
        hawtio.destroyForcibly();
      }
    }
  }

  private static boolean isCounted(String node, String step) {
    return node.contains(step) && List.of(node.split("\\R")).contains(Integer.toString(FILES));
  }

  private static Stream<String> texts(Browser browser, String selector) {
    return browser.driver().findElements(By.cssSelector(selector)).stream()
        .map(WebElement::getText);
  }

  private static void click(Browser browser, String selector, String text) {
    browser
        .await(
            "'%s' to click".formatted(text),
            () ->
                browser.driver().findElements(By.cssSelector(selector)).stream()
                    .filter(element -> element.getText().strip().equals(text))
                    .findFirst()
                    .orElse(null))
        .click();
  }

  /** As manage.sh does. */
  private static Process start(String application) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            "target/test-classes:target/classes:"
                + Files.readString(Path.of("target", "local.classpath")).strip(),
            "io.github.camelingest.local.Hawtio",
            "--war",
            "target/hawtio.war",
            "--application",
            application);
    builder.environment().put("INGEST_MANAGEMENT_PASSWORD", "nobody's");
    return builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }
}
