package io.github.camelingest.cli;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/**
 * How far a load is, in one line of a terminal: as much as its columns hold, and a bar in those
 * that are left. Thread-safe.
 */
final class ProgressLine implements ProgressBarRenderer {

  private static final double MEGABYTE = 1e6;

  /** Shorter ones show nothing. */
  private static final int SHORTEST_BAR = 10;

  private final String dataset;
  private volatile LoadProgress.State state;

  ProgressLine(String dataset) {
    this.dataset = dataset;
  }

  void set(LoadProgress.State now) {
    state = now;
  }

  @Override
  public String render(ProgressState unused, int columns) {
    LoadProgress.State now = state;
    if (now == null) {
      return "";
    }
    double share =
        now.all()
            .map(
                all ->
                    all.bytes() == 0 ? 1 : Math.min(1, now.done().bytes() / (double) all.bytes()))
            .orElse(0.0);
    List<String> texts = texts(now, share);
    String text =
        texts.stream()
            .filter(one -> one.length() <= columns)
            .findFirst()
            .orElse(texts.get(texts.size() - 1));
    int room = columns - text.length() - " []".length();
    if (room < SHORTEST_BAR) {
      // Over what a longer line left.
      return text + " ".repeat(Math.max(0, columns - text.length()));
    }
    int full = (int) (room * share);
    return text + " [" + "=".repeat(full) + " ".repeat(room - full) + "]";
  }

  /** From the longest to the shortest. */
  private List<String> texts(LoadProgress.State now, double share) {
    String percent = now.all().map(all -> (int) (share * 100) + "%").orElse("?%");
    String objects = now.done().objects() + now.all().map(all -> "/" + all.objects()).orElse("");
    String megabytes =
        String.format(
            Locale.ROOT,
            "%,.0f%s MB",
            now.done().bytes() / MEGABYTE,
            now.all()
                .map(all -> String.format(Locale.ROOT, "/%,.0f", all.bytes() / MEGABYTE))
                .orElse(""));
    String left = now.left().map(ProgressLine::text).orElse("?");
    return List.of(
        String.format(
            Locale.ROOT,
            "%s %s, %s, %s objects, %,d rows, %,d rows/s, %,d rejected, %s left",
            dataset,
            percent,
            megabytes,
            objects,
            now.done().rows(),
            now.rate(),
            now.done().rejected(),
            left),
        String.format(
            Locale.ROOT,
            "%s %s, %s objects, %,d rows/s, %,d rejected, %s left",
            dataset,
            percent,
            objects,
            now.rate(),
            now.done().rejected(),
            left),
        String.format(
            Locale.ROOT,
            "%s %s %,d/s %,d rejected %s",
            percent,
            objects,
            now.rate(),
            now.done().rejected(),
            left));
  }

  private static String text(Duration left) {
    if (left.toHours() > 0) {
      return "%d:%02d h".formatted(left.toHours(), left.toMinutesPart());
    }
    return left.toMinutes() > 0
        ? "%d:%02d min".formatted(left.toMinutes(), left.toSecondsPart())
        : "%d s".formatted(left.toSeconds());
  }
}
