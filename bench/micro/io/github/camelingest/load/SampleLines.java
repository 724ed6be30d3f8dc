package io.github.camelingest.load;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Lines of visits for microbenchmarks; always the same. */
public final class SampleLines {

  public static final int COUNT = 1_000;

  private static final int LONGEST_NOTE = 40;

  private SampleLines() {}

  public static List<byte[]> all() {
    Random random = new Random(1);
    List<byte[]> lines = new ArrayList<>();
    for (int n = 1; n <= COUNT; n++) {
      String note =
          random
              .ints(1 + random.nextInt(LONGEST_NOTE), 1, 501)
              .mapToObj(Integer::toString)
              .collect(Collectors.joining(" "));
      lines.add(
          ("{\"task_id\": \"TASK%d\", \"node_id\": \"NODE%d\", \"visit_id\": 1,"
                  + " \"visit_date:\": \"2020-02-26 00:00:00\","
                  + " \"original_reported_date\": \"2020-02-17 00:00:00\", \"node_age\": %d,"
                  + " \"node_type\": \"TYPE3\", \"task_type\": \"TASK5\","
                  + " \"engineer_skill_level\": \"LEVEL1\", \"engineer_note\": \"%s\","
                  + " \"outcome\": \"FAIL\"}")
              .formatted(n, 1 + random.nextInt(499), 1 + random.nextInt(20), note)
              .getBytes(StandardCharsets.UTF_8));
    }
    return lines;
  }
}
