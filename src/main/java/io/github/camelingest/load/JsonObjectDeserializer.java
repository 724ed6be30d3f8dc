package io.github.camelingest.load;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * Reads the object of a line as it is, for datasets whose SQL takes it apart. Jackson's own reading
 * would round numbers, and take the last of fields that stand there twice.
 */
final class JsonObjectDeserializer extends StdDeserializer<ObjectNode> {

  private static final long serialVersionUID = 1L;

  JsonObjectDeserializer() {
    super(ObjectNode.class);
  }

  @Override
  public ObjectNode deserialize(JsonParser json, DeserializationContext context)
      throws IOException {
    if (!json.isExpectedStartObjectToken()) {
      throw BadLineException.notObject(json);
    }
    JsonFields fields = new JsonFields(json);
    try {
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        fields.read(name);
      }
    } catch (StreamConstraintsException e) {
      throw JsonFields.named(e, json);
    }
    return fields.node() == null ? context.getNodeFactory().objectNode() : fields.node();
  }

  /** The line is {@code null}. */
  @Override
  public ObjectNode getNullValue(DeserializationContext context) throws JsonMappingException {
    throw BadLineException.notObject(context.getParser());
  }
}
