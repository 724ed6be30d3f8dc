package io.github.camelingest.management;

import io.github.camelingest.ledger.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The rows of the last hour as a chart with a bar a minute. */
final class Throughput {

  /** Of the chart. */
  static final int MINUTES = 60;

  private static final int HEIGHT = 100;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneOffset.UTC);

  private Throughput() {}

  static Markup of(Status status) {
    Instant present = status.at().truncatedTo(ChronoUnit.MINUTES);
    Instant first = present.minus(MINUTES - 1, ChronoUnit.MINUTES);
    Map<Instant, Long> rows =
        status.minutes().stream()
            .collect(Collectors.toMap(Status.Minute::minute, Status.Minute::rows, Long::sum));
    long[] rates =
        IntStream.range(0, MINUTES)
            .mapToLong(
                i -> {
                  Instant minute = first.plus(i, ChronoUnit.MINUTES);
                  return rows.getOrDefault(minute, 0L) / seconds(minute, status.at());
                })
            .toArray();
    long most = IntStream.range(0, MINUTES).mapToLong(i -> rates[i]).max().orElse(0);
    String said =
        most == 0
            ? "Nothing was loaded in the last hour."
            : "At most %,d rows/s in a minute, %,d rows/s in this one, %,d rows in the hour."
                .formatted(
                    most,
                    rates[MINUTES - 1],
                    rows.values().stream().mapToLong(Long::longValue).sum());
    return Markup.of(
        """
        <section aria-labelledby="throughput">
        <h2 id="throughput">Rows per second, last hour</h2>
        <svg role="img" aria-label="%s" viewBox="0 0 %s %s" preserveAspectRatio="none">
        %s<line x1="0" y1="%3$s" x2="%2$s" y2="%3$s"/>
        </svg>
        <p class="faint ends"><span>%5$s</span><span>%6$s UTC</span></p>
        <p>%1$s</p>
        </section>
        """,
        said,
        MINUTES,
        HEIGHT,
        Markup.all(
            IntStream.range(0, MINUTES)
                .filter(i -> rates[i] > 0)
                .mapToObj(
                    i -> bar(i, rates[i], most, TIME.format(first.plus(i, ChronoUnit.MINUTES))))),
        TIME.format(first),
        TIME.format(present));
  }

  /** Of a minute, which is not over yet if it is the present one. */
  private static long seconds(Instant minute, Instant now) {
    return Math.max(1, Math.min(60, Duration.between(minute, now).toSeconds()));
  }

  private static Markup bar(int place, long rate, long most, String time) {
    // One that is there is seen.
    double height = Math.max(1.0, (double) HEIGHT * rate / most);
    return Markup.of(
        "<rect x=\"%s\" y=\"%s\" width=\"0.8\" height=\"%s\"><title>%s UTC: %s rows/s</title></rect>\n",
        place + 0.1, decimal(HEIGHT - height), decimal(height), time, "%,d".formatted(rate));
  }

  /** As SVG wants it, wherever this runs. */
  private static String decimal(double number) {
    return String.format(Locale.ROOT, "%.1f", number);
  }
}
