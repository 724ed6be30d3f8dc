package io.github.camelingest.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Serializable;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/** A visit as a program has it that somebody writes in an afternoon: no rest, no provenance. */
public final class Visit implements Serializable {

  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  /** What upserts a visit: its parameters are the fields below, in their order. */
  static final String UPSERT =
      """
      insert into fsm.visit (
        task_id, visit_no, node_id, visit_date, original_reported_date, node_age, node_type, task_type,
        engineer_skill_level, outcome, note_tokens, object_id, line
      ) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1)
      on conflict (task_id, visit_no) do update set
        node_id = excluded.node_id, visit_date = excluded.visit_date,
        original_reported_date = excluded.original_reported_date, node_age = excluded.node_age,
        node_type = excluded.node_type, task_type = excluded.task_type,
        engineer_skill_level = excluded.engineer_skill_level, outcome = excluded.outcome,
        note_tokens = excluded.note_tokens""";

  public int taskId;
  public int visitNo;
  public int nodeId;
  public Timestamp visitDate;
  public Timestamp originalReportedDate;
  public int nodeAge;
  public int nodeType;
  public int taskType;
  public int skillLevel;
  public String outcome;
  public int[] noteTokens;

  static Visit parse(String line) throws IOException {
    JsonNode json = JSON.readTree(line);
    Visit visit = new Visit();
    visit.taskId = number(json, "task_id", "TASK");
    visit.visitNo = json.get("visit_id").intValue();
    visit.nodeId = number(json, "node_id", "NODE");
    visit.visitDate = time(json, "visit_date:");
    visit.originalReportedDate = time(json, "original_reported_date");
    visit.nodeAge = json.get("node_age").intValue();
    visit.nodeType = number(json, "node_type", "TYPE");
    visit.taskType = number(json, "task_type", "TASK");
    visit.skillLevel = number(json, "engineer_skill_level", "LEVEL");
    visit.outcome = json.get("outcome").textValue();
    visit.noteTokens =
        Arrays.stream(json.get("engineer_note").textValue().split(" "))
            .mapToInt(Integer::parseInt)
            .toArray();
    return visit;
  }

  private static int number(JsonNode json, String field, String prefix) {
    return Integer.parseInt(json.get(field).textValue().substring(prefix.length()));
  }

  private static Timestamp time(JsonNode json, String field) {
    return Timestamp.valueOf(LocalDateTime.parse(json.get(field).textValue(), TIME));
  }
}
