package io.github.camelingest.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelingest.local.SampleData;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** The status page of a running application, in a browser. */
class StatusPageIT {

  private static final String MARKUP = "<script>document.title='run'</script>";
  private static final Pattern ADDRESS = Pattern.compile("is watched at (http://\\S+)");

  /** Where the boxes of the page are. */
  private static final String PLACES =
      """
      return [...document.querySelectorAll('header, section, h2, .scroll, svg')].map(box => {
        const place = box.getBoundingClientRect();
        return [box.tagName, place.x, place.y, place.width, place.height].join(' ');
      })""";

  private static final Space SPACE = Space.create();
  private static Jar jar;
  private static String page;

  /** An object of each kind: loaded, with rejected lines, failed, and named like markup. */
  @BeforeAll
  static void load() {
    SPACE.put("network/network.adjlist", new SampleData(1).network());
    SPACE.put("visits/" + MARKUP + ".jsonl", new SampleData(1).visits(1_000) + "broken\n");
    byte[] cut = SampleData.gzip(new SampleData(2).visits(100));
    SPACE.put("visits/<cut>.jsonl.gz", Arrays.copyOf(cut, 20));
    jar = Jar.start(Jar.watched(SPACE.environment()), "run");
    jar.awaitUntil(
        () ->
            SPACE.number("select count(*) from ingest.object where state in ('loaded', 'failed')")
                == 3);
    jar.awaitUntil(() -> jar.log().contains("is watched at"));
    Matcher address = ADDRESS.matcher(jar.log());
    assertThat(address.find()).isTrue();
    page = address.group(1);
  }

  @AfterAll
  static void end() {
    jar.close();
  }

  @Test
  void aPersonSeesWhatHappens() throws Exception {
    try (Browser browser = Browser.open()) {
      browser.resize(1280, 1260);
      browser.visit(page);

      // Then what others named is text
      assertThat(text(browser, "#errors-scroll")).contains("/visits/<cut>.jsonl.gz", "failed");
      assertThat(text(browser, "#rejected-scroll"))
          .contains("not_json", "/visits/" + MARKUP + ".jsonl line 1001: ");
      assertThat(browser.driver().getTitle()).isEqualTo("camel-ingest");
      assertThat(cells(browser, "#datasets-scroll", "visits")).contains("1,000");
      assertThat(text(browser, "#routes-scroll")).contains("visits started");
      assertThat(text(browser, "#instances-scroll")).contains("none taken");

      // When an object is in the middle of its load
      browser.driver().executeScript("window.shownFirst = true");
      browser.await(
          "the table of datasets clicked",
          () -> {
            browser.await("#datasets-scroll").click();
            return true;
          });
      List<Object> places = places(browser);
      try (Connection connection = SPACE.connection();
          Statement lock = connection.createStatement()) {
        connection.setAutoCommit(false);
        lock.execute("lock table fsm.visit in share row exclusive mode");
        SPACE.put("visits/large.jsonl", new SampleData(3).visits(60_000));
        WebElement progress = browser.await("#loading-scroll progress");
        assertThat(progress.getDomAttribute("aria-label")).endsWith("/visits/large.jsonl");
        assertThat(progress.getDomAttribute("max")).isEqualTo("100");
        assertThat(places(browser)).isEqualTo(places);
        browser.screenshot(Path.of("docs", "status.png"));
      }

      // Then the same page, with the focus where it was, tells when that is over
      browser.await(
          "61,000 rows", () -> cells(browser, "#datasets-scroll", "visits").contains("61,000"));
      assertThat(browser.driver().executeScript("return window.shownFirst")).isEqualTo(true);
      assertThat(browser.driver().switchTo().activeElement().getDomAttribute("id"))
          .isEqualTo("datasets-scroll");
      assertThat(places(browser)).isEqualTo(places);
      assertThat(browser.driver().findElements(By.cssSelector("svg rect"))).isNotEmpty();

      // Then nobody else was asked, and the policy forbade nothing
      assertThat(requests(browser)).isNotEmpty().allMatch(url -> url.toString().startsWith(page));
      assertThat(browser.complaints()).isEmpty();
    }
  }

  @Test
  void withoutScriptsThePageComesAgain() {
    try (Browser browser = Browser.open("--blink-settings=scriptEnabled=false")) {
      // Given
      browser.visit(page);
      WebElement first = browser.await("#datasets-scroll");
      assertThat(first.getText()).contains("visits");

      // Then
      browser.await(
          "another page",
          () -> !browser.driver().findElement(By.id("datasets-scroll")).equals(first));
    }
  }

  @Test
  void nothingIsWiderThanATelephone() {
    try (Browser browser = Browser.open()) {
      browser.resize(500, 800);
      browser.visit(page);
      browser.await("#routes-scroll");

      assertThat(
              browser
                  .driver()
                  .executeScript(
                      "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
          .isEqualTo(true);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, '', 200",
    "HEAD, '', 200",
    "POST, '', 405",
    "DELETE, '', 405",
    "GET, nothing, 404",
    "GET, index.html, 404"
  })
  void onlyThePageIsThereAndOnlyToBeRead(String method, String path, int status) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(page + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();

    var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(status);
    if (status == 200) {
      assertThat(answer.headers().firstValue("Content-Security-Policy"))
          .hasValueSatisfying(
              policy -> assertThat(policy).contains("default-src 'none'").doesNotContain("unsafe"));
      assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    }
    assertThat(answer.body().isEmpty()).isEqualTo(!method.equals("GET") || status != 200);
  }

  /** An element's text; while it is looked at, the page may put another in its place. */
  private static String text(Browser browser, String selector) {
    return browser.await("text of " + selector, () -> browser.await(selector).getText());
  }

  /** What the row of a table that begins so says. */
  private static String cells(Browser browser, String table, String begin) {
    return browser.driver().findElements(By.cssSelector(table + " tbody tr")).stream()
        .map(WebElement::getText)
        .filter(text -> text.startsWith(begin))
        .findFirst()
        .orElse("");
  }

  @SuppressWarnings("unchecked")
  private static List<Object> places(Browser browser) {
    return (List<Object>) browser.driver().executeScript(PLACES);
  }

  @SuppressWarnings("unchecked")
  private static List<Object> requests(Browser browser) {
    return (List<Object>)
        browser
            .driver()
            .executeScript(
                "return performance.getEntries().map(e => e.name).filter(n => n.includes('://'))");
  }
}
