package io.github.camelingest.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** All measurements of a run, and what they come to. */
final class Results {

  private final List<Measurement> all = new ArrayList<>();

  /** Median, least and most of several rounds. */
  record Spread(double median, double least, double most) {

    static Spread of(double[] values) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      int middle = sorted.length / 2;
      double median =
          sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
      return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    /**
     * @param format of one number
     */
    String in(String format) {
      String shown = format.formatted(median);
      String from = format.formatted(least);
      String to = format.formatted(most);
      return from.equals(to) ? shown : "%s (%s-%s)".formatted(shown, from, to);
    }
  }

  void add(Measurement measurement) {
    all.add(measurement);
  }

  /** Names in the order in which they were measured first. */
  List<String> ways() {
    return all.stream().map(Measurement::way).distinct().toList();
  }

  Spread of(String way, ToDoubleFunction<Measurement> value) {
    return Spread.of(all.stream().filter(m -> m.way().equals(way)).mapToDouble(value).toArray());
  }

  /** Of the rate to that of the faster copy in the same round. */
  double ratio(Measurement measurement) {
    double limit =
        all.stream()
            .filter(m -> m.round() == measurement.round() && PeerWays.LIMIT.contains(m.way()))
            .mapToDouble(Measurement::rate)
            .max()
            .orElseThrow();
    return measurement.rate() / limit;
  }

  /** Column heads. */
  static List<String> heads() {
    return List.of(
        "way",
        "rows/s",
        "of the limit",
        "CPU s per million rows, client",
        "server",
        "S3 and SQS",
        "client memory, MB",
        "WAL, bytes per row");
  }

  /** A line for each way, median and, in parentheses, least and most of all rounds. */
  List<List<String>> table() {
    return ways().stream()
        .map(
            way ->
                List.of(
                    way,
                    of(way, Measurement::rate).in("%,.0f"),
                    of(way, this::ratio).in("%.2f"),
                    of(way, Measurement::clientCpuPerMillion).in("%.2f"),
                    of(way, Measurement::serverCpuPerMillion).in("%.2f"),
                    way.startsWith("app")
                        ? of(way, Measurement::stackCpuPerMillion).in("%.2f")
                        : "",
                    of(way, m -> m.peakBytes() / 1e6).in("%.0f"),
                    of(way, Measurement::walPerRow).in("%.0f")))
        .toList();
  }

  /**
   * For the plots: way, rows/s with least and most, CPU of client and server, memory. Without tiny
   * objects, beside whose CPU a row nothing else could be seen.
   */
  String forPlots() {
    StringBuilder lines = new StringBuilder();
    for (String way : ways().stream().filter(name -> !name.startsWith("app-tiny")).toList()) {
      Spread rate = of(way, Measurement::rate);
      lines.append(
          "%s\t%.0f\t%.0f\t%.0f\t%.3f\t%.3f\t%.1f%n"
              .formatted(
                  way,
                  rate.median(),
                  rate.least(),
                  rate.most(),
                  of(way, Measurement::clientCpuPerMillion).median(),
                  of(way, Measurement::serverCpuPerMillion).median(),
                  of(way, m -> m.peakBytes() / 1e6).median()));
    }
    return lines.toString();
  }

  /** The table as it is read on a terminal. */
  String aligned() {
    List<List<String>> rows = new ArrayList<>(List.of(heads()));
    rows.addAll(table());
    Map<Integer, Integer> widths = new TreeMap<>();
    for (List<String> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        widths.merge(column, row.get(column).length(), Math::max);
      }
    }
    StringBuilder lines = new StringBuilder();
    for (List<String> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        String format = column == 0 ? "%-" : "  %";
        lines.append((format + widths.get(column) + "s").formatted(row.get(column)));
      }
      lines.append('\n');
    }
    return lines.toString();
  }
}
