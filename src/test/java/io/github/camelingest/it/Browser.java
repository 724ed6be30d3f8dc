package io.github.camelingest.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's Chromium, without a window, that does what a person would. Not thread-safe. */
public final class Browser implements AutoCloseable {

  /** Where Debian's packages of the same names put them. */
  private static final List<Path> PROGRAMS =
      List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromedriver"));

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  /** Warns that it has no classes for what nobody here does. */
  private static final Logger NOISE =
      Logger.getLogger("org.openqa.selenium.devtools.CdpVersionFinder");

  static {
    NOISE.setLevel(Level.OFF);
  }

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /**
   * Starts it.
   *
   * @param more options of Chromium
   * @throws AssertionError if it is not installed; the message says how to do that
   */
  public static Browser open(String... more) {
    List<Path> missing = PROGRAMS.stream().filter(Files::notExists).toList();
    if (!missing.isEmpty()) {
      throw new AssertionError(
          "there is no %s: apt-get install chromium chromium-driver".formatted(missing));
    }
    ChromeOptions options = new ChromeOptions();
    options.setBinary(PROGRAMS.get(0).toFile());
    options.addArguments(
        "--headless=new",
        // Which Chromium refuses to root otherwise; it sees pages of this machine only.
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync");
    options.addArguments(more);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(PROGRAMS.get(1).toFile())
            .withSilent(true)
            .build();
    return new Browser(new ChromeDriver(service, options));
  }

  /** For what is not here. */
  public ChromeDriver driver() {
    return driver;
  }

  public void visit(String url) {
    driver.get(url);
  }

  /**
   * The first element of a CSS selector, once it is there and visible.
   *
   * @throws AssertionError if it does not come; the message has the page
   */
  public WebElement await(String selector) {
    return await(
        "an element " + selector,
        () ->
            driver.findElements(By.cssSelector(selector)).stream()
                .filter(WebElement::isDisplayed)
                .findFirst()
                .orElse(null));
  }

  /** A look at the page. */
  public interface Look<T> {

    /**
     * @return nothing or false as long as the page is not so yet
     */
    T at();
  }

  /**
   * Waits until the page is so.
   *
   * @param what for the message
   * @throws AssertionError if it does not become so; the message has the page's text and what it
   *     complained of
   */
  public <T> T await(String what, Look<T> look) {
    try {
      return Awaitility.await()
          .pollInSameThread()
          .pollInterval(BETWEEN_LOOKS)
          .atMost(PATIENCE)
          .ignoreExceptionsInstanceOf(WebDriverException.class)
          .until(look::at, seen -> seen != null && !Boolean.FALSE.equals(seen));
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "there is not %s at %s; the page says:%n%s%nand in its console:%n%s"
              .formatted(what, driver.getCurrentUrl(), text(), complaints()),
          e);
    }
  }

  /** What a person reads. */
  public String text() {
    return driver.findElement(By.tagName("body")).getText();
  }

  /** Errors of the page: scripts that failed, what could not be fetched or was forbidden. */
  public List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /** Width and height of what is shown, in pixels of CSS. */
  public void resize(int width, int height) {
    driver.manage().window().setSize(new Dimension(width, height));
  }

  /**
   * Keeps what is shown as a picture for the documentation, if the system property {@code
   * screenshots} is true; else the picture only has to be there.
   *
   * @param picture its PNG file
   * @throws AssertionError if it is not there
   */
  public void screenshot(Path picture) {
    if (!Boolean.getBoolean("screenshots")) {
      if (Files.notExists(picture)) {
        throw new AssertionError("there is no %s; -Dscreenshots=true makes it".formatted(picture));
      }
      return;
    }
    try {
      Files.write(picture, driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
