package io.github.camelingest.peer;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.Styler;

/** Draws what the benchmark has measured. */
public final class Plots {

  private static final int WIDTH = 1100;
  private static final int HEIGHT = 520;

  private Plots() {}

  /** What is drawn of a way, as the benchmark writes it. */
  private record Bar(
      String way, double rate, double clientCpu, double serverCpu, double megabytes) {

    static Bar of(String line) {
      String[] fields = line.split("\t");
      return new Bar(
          fields[0],
          Double.parseDouble(fields[1]),
          Double.parseDouble(fields[4]),
          Double.parseDouble(fields[5]),
          Double.parseDouble(fields[6]));
    }
  }

  /**
   * @param arguments the file of measurements, and the folder for the plots
   */
  public static void main(String[] arguments) throws IOException {
    List<Bar> bars = Files.readAllLines(Path.of(arguments[0])).stream().map(Bar::of).toList();
    Path folder = Path.of(arguments[1]);
    List<String> ways = new ArrayList<>(bars.stream().map(Bar::way).toList());

    CategoryChart rows = chart("Rows per second", "rows/s");
    rows.addSeries("rows/s", ways, bars.stream().map(Bar::rate).toList());
    rows.getStyler().setLegendVisible(false);
    save(rows, folder.resolve("rows.svg"));

    CategoryChart cpu = chart("CPU seconds per million rows", "s");
    cpu.addSeries("client", ways, bars.stream().map(Bar::clientCpu).toList());
    cpu.addSeries("PostgreSQL", ways, bars.stream().map(Bar::serverCpu).toList());
    cpu.getStyler().setStacked(true);
    save(cpu, folder.resolve("cpu.svg"));

    CategoryChart memory = chart("Most memory of the client", "MB");
    memory.addSeries("MB", ways, bars.stream().map(Bar::megabytes).toList());
    memory.getStyler().setLegendVisible(false);
    save(memory, folder.resolve("memory.svg"));
  }

  private static CategoryChart chart(String title, String unit) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .yAxisTitle(unit)
            .theme(Styler.ChartTheme.GGPlot2)
            .build();
    chart.getStyler().setXAxisLabelRotation(60);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
    chart.getStyler().setYAxisDecimalPattern("#,##0");
    chart.getStyler().setSeriesColors(new Color[] {new Color(0x3366AA), new Color(0xDD8833)});
    return chart;
  }

  private static void save(CategoryChart chart, Path file) throws IOException {
    VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
  }
}
