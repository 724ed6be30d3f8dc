package io.github.camelingest.fieldservice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.time.LocalDateTime;

/**
 * A visit of an engineer to a node, as fsm.visit has it.
 *
 * @param visitNo ordinal of the visit within its task
 * @param noteTokens the words of the engineer's note, in order
 * @param rest fields that have no component here, or null
 */
@JsonDeserialize(using = VisitDeserializer.class)
public record Visit(
    int taskId,
    int visitNo,
    int nodeId,
    LocalDateTime visitDate,
    LocalDateTime originalReportedDate,
    int nodeAge,
    int nodeType,
    int taskType,
    int engineerSkillLevel,
    String outcome,
    int[] noteTokens,
    JsonNode rest) {}
