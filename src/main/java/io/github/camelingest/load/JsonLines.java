package io.github.camelingest.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** How a line is read as JSON: as RFC 8259 has it, one value a line, and within these limits. */
public final class JsonLines {

  /** Objects and arrays within each other. */
  static final int MAX_DEPTH = 100;

  /** Characters of a number. */
  static final int MAX_NUMBER_LENGTH = 1_000;

  /** Bytes of a field's name. */
  static final int MAX_NAME_LENGTH = 50_000;

  private JsonLines() {}

  /**
   * Reads the JSON of lines: as the classes of datasets want it, or as an {@link ObjectNode} that
   * has all of it, and nothing that PostgreSQL's jsonb cannot hold.
   */
  public static JsonMapper mapper() {
    StreamReadConstraints limits =
        StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH)
            .maxNumberLength(MAX_NUMBER_LENGTH)
            .maxNameLength(MAX_NAME_LENGTH)
            // A line has a limit of its own.
            .maxStringLength(Integer.MAX_VALUE)
            .build();
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(limits)
            // What looks like UTF-16 or UTF-32 would fail with an exception that is not Jackson's.
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .build();
    return JsonMapper.builder(factory)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .addModule(
            new SimpleModule().addDeserializer(ObjectNode.class, new JsonObjectDeserializer()))
        .build();
  }
}
