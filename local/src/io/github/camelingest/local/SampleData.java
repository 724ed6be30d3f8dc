package io.github.camelingest.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/**
 * Visits and a network as field engineers send them; the same seed gives the same data. Not
 * thread-safe.
 */
public final class SampleData {

  public static final int NODES = 499;
  public static final int EDGES = 13_589;

  private static final LocalDate FIRST_DAY = LocalDate.of(2019, 10, 1);
  private static final int DAYS = 300;
  private static final int WORDS = 500;
  private static final int LONGEST_NOTE = 40;
  private static final int MOST_VISITS = 4;
  private static final double SUCCESS = 0.55;

  private final Random random;
  private final Deque<String> visitsOfTask = new ArrayDeque<>();
  private int task;

  public SampleData(long seed) {
    random = new Random(seed);
  }

  /** The next visit: tasks come one after the other, each with its visits in order. */
  public String visit() {
    if (visitsOfTask.isEmpty()) {
      newTask();
    }
    return visitsOfTask.remove();
  }

  /** So many visits, one a line. */
  public String visits(int count) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(visit()).append('\n');
    }
    return lines.toString();
  }

  private void newTask() {
    task++;
    int node = 1 + random.nextInt(NODES);
    int type = 1 + random.nextInt(8);
    LocalDate reported = FIRST_DAY.plusDays(random.nextInt(DAYS));
    LocalDate day = reported;
    boolean done = false;
    for (int no = 1; no <= MOST_VISITS && !done; no++) {
      day = day.plusDays(1 + random.nextInt(14));
      done = random.nextDouble() < SUCCESS;
      visitsOfTask.add(
          ("{\"task_id\": \"TASK%d\", \"node_id\": \"NODE%d\", \"visit_id\": %d, \"visit_date:\": \"%s 00:00:00\","
                  + " \"original_reported_date\": \"%s 00:00:00\", \"node_age\": %d, \"node_type\": \"TYPE%d\","
                  + " \"task_type\": \"TASK%d\", \"engineer_skill_level\": \"LEVEL%d\", \"engineer_note\": \"%s\","
                  + " \"outcome\": \"%s\"}")
              .formatted(
                  task,
                  node,
                  no,
                  day,
                  reported,
                  1 + node % 20,
                  1 + node % 5,
                  type,
                  1 + random.nextInt(4),
                  note(),
                  done ? "SUCCESS" : "FAIL"));
    }
  }

  private String note() {
    return IntStream.range(0, 1 + random.nextInt(LONGEST_NOTE))
        .mapToObj(i -> Integer.toString(1 + random.nextInt(WORDS)))
        .collect(Collectors.joining(" "));
  }

  /**
   * A networkx adjacency list of {@value #NODES} nodes and {@value #EDGES} edges. Nodes stand on a
   * ring and touch those near by, so that few hops do not reach everybody.
   */
  public String network() {
    record Edge(int from, int to, double length) {}
    List<Edge> edges = new ArrayList<>();
    for (int from = 1; from <= NODES; from++) {
      for (int to = from + 1; to <= NODES; to++) {
        int apart = Math.min(to - from, NODES - to + from);
        edges.add(new Edge(from, to, apart + 8 * random.nextDouble()));
      }
    }
    edges.sort(Comparator.comparingDouble(Edge::length));
    List<List<Integer>> neighbours = new ArrayList<>();
    for (int node = 0; node <= NODES; node++) {
      neighbours.add(new ArrayList<>());
    }
    edges.subList(0, EDGES).forEach(edge -> neighbours.get(edge.from()).add(edge.to()));
    StringBuilder list = new StringBuilder("#sample network\n# \n");
    for (int node = 1; node <= NODES; node++) {
      list.append("NODE").append(node);
      neighbours.get(node).stream().sorted().forEach(n -> list.append(" NODE").append(n));
      list.append('\n');
    }
    return list.toString();
  }

  /** The text as a gzip file. */
  public static byte[] gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
