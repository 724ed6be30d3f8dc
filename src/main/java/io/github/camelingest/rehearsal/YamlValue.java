package io.github.camelingest.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelingest.app.SetupException;
import java.io.Reader;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * A value of a YAML file that knows its place. Whatever is asked of a value of another kind is a
 * {@link SetupException} that says where. Immutable.
 */
final class YamlValue {

  /** RFC 8259, "Numbers". */
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d{1,4})?");

  private static final Pattern LINE_NUMBER = Pattern.compile("[1-9]\\d{0,17}");

  /** Deeper than anybody writes: an anchor within itself has no end. */
  private static final int MAX_DEPTH = 100;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final String file;
  private final Node node;

  private YamlValue(String file, Node node) {
    this.file = file;
    this.node = node;
  }

  /**
   * Reads a file with one document.
   *
   * @param file for messages
   */
  static YamlValue read(String file, Reader content) {
    LoadSettings settings =
        LoadSettings.builder().setLabel(file).setSchema(new CoreSchema()).build();
    try {
      return new Compose(settings)
          .composeReader(content)
          .map(root -> new YamlValue(file, root))
          .orElseThrow(() -> new Place(file, 1, 1).wrong("the file is empty"));
    } catch (MarkedYamlEngineException e) {
      throw place(file, e.getProblemMark()).wrong("this is no YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new SetupException("%s: this is no YAML: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static Place place(String file, Optional<Mark> mark) {
    return mark.map(Place::of).orElse(new Place(file, 1, 1));
  }

  Place place() {
    return place(file, node.getStartMark());
  }

  SetupException wrong(String message) {
    return place().wrong(message);
  }

  /**
   * The values of a mapping by their keys.
   *
   * @param what it is, for messages
   * @param keys that there may be
   */
  Map<String, YamlValue> fields(String what, List<String> keys) {
    Map<String, YamlValue> fields = fields(what);
    for (NodeTuple field : ((MappingNode) node).getValue()) {
      String key = ((ScalarNode) field.getKeyNode()).getValue();
      if (!keys.contains(key)) {
        throw place(file, field.getKeyNode().getStartMark())
            .wrong(
                "%s has no key '%s'; there are %s".formatted(what, key, String.join(", ", keys)));
      }
    }
    return fields;
  }

  /** The same with whatever keys. */
  Map<String, YamlValue> fields(String what) {
    if (!(node instanceof MappingNode mapping)) {
      throw wrong("%s is written as key: value".formatted(what));
    }
    Map<String, YamlValue> fields = new LinkedHashMap<>();
    for (NodeTuple field : mapping.getValue()) {
      if (!(field.getKeyNode() instanceof ScalarNode key)) {
        throw place(file, field.getKeyNode().getStartMark()).wrong("a key is a text");
      }
      if (fields.put(key.getValue(), new YamlValue(file, field.getValueNode())) != null) {
        throw place(file, key.getStartMark())
            .wrong("the key '%s' stands there twice".formatted(key.getValue()));
      }
    }
    return fields;
  }

  /**
   * The items of a list.
   *
   * @param what it is, for messages
   */
  List<YamlValue> items(String what) {
    if (!(node instanceof SequenceNode sequence)) {
      throw wrong("%s is a list".formatted(what));
    }
    return sequence.getValue().stream().map(item -> new YamlValue(file, item)).toList();
  }

  /** Whether it is neither a list nor a mapping. */
  boolean isText() {
    return node instanceof ScalarNode;
  }

  /**
   * A text as it stands there, a number or the like included.
   *
   * @param what it is, for messages
   */
  String text(String what) {
    if (!(node instanceof ScalarNode scalar) || Tag.NULL.equals(scalar.getTag())) {
      throw wrong("%s is a text".formatted(what));
    }
    return scalar.getValue();
  }

  /** The number of a line. */
  long lineNumber() {
    if (!isText() || !LINE_NUMBER.matcher(((ScalarNode) node).getValue()).matches()) {
      throw wrong("this is the number of a line, from 1");
    }
    return Long.parseLong(((ScalarNode) node).getValue());
  }

  /** The same value in JSON; numbers keep their digits. */
  JsonNode json() {
    return json(0);
  }

  private JsonNode json(int depth) {
    if (depth > MAX_DEPTH) {
      throw wrong("this is nested deeper than %d".formatted(MAX_DEPTH));
    }
    if (node instanceof MappingNode) {
      ObjectNode object = JSON.objectNode();
      fields("an object").forEach((key, value) -> object.set(key, value.json(depth + 1)));
      return object;
    }
    if (node instanceof SequenceNode) {
      ArrayNode array = JSON.arrayNode();
      items("a list").forEach(item -> array.add(item.json(depth + 1)));
      return array;
    }
    return scalar(((ScalarNode) node).getValue());
  }

  private JsonNode scalar(String text) {
    Tag tag = node.getTag();
    if (Tag.NULL.equals(tag)) {
      return JSON.nullNode();
    }
    if (Tag.BOOL.equals(tag)) {
      return JSON.booleanNode(Boolean.parseBoolean(text));
    }
    boolean number = Tag.INT.equals(tag) || Tag.FLOAT.equals(tag);
    return number && NUMBER.matcher(text).matches()
        ? DecimalNode.valueOf(new BigDecimal(text))
        : JSON.textNode(text);
  }
}
