package io.github.camelingest.routes;

import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Whether YAML is a list of routes, and of what else Camel's YAML has, at first sight. */
final class Shape {

  private static final String ROUTE = "route";

  /** Every route has it; as an entry it may be the URI alone. */
  private static final String FROM = "from";

  private static final LoadSettings SETTINGS = LoadSettings.builder().build();

  private Shape() {}

  /**
   * What Camel would take for no routes, or fail at without saying where.
   *
   * @throws org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException if it is no YAML
   */
  static Optional<Problem> problem(String file, String yaml) {
    Optional<Node> all =
        new Compose(SETTINGS).composeString(yaml).filter(node -> !isText(node, ""));
    if (all.isEmpty()) {
      return Optional.of(
          new Problem(
              file, 0, 0, "there is nothing in the file; delete it if its routes are to stop"));
    }
    if (!(all.get() instanceof SequenceNode list) || list.getValue().isEmpty()) {
      return Optional.of(at(file, all.get(), "there is no route, which would begin by '- route:'"));
    }
    return list.getValue().stream().flatMap(entry -> entry(file, entry).stream()).findFirst();
  }

  private static Optional<Problem> entry(String file, Node entry) {
    List<NodeTuple> fields = entry instanceof MappingNode mapping ? mapping.getValue() : List.of();
    if (fields.isEmpty() || !(fields.get(0).getKeyNode() instanceof ScalarNode key)) {
      return Optional.of(at(file, entry, "this is no route, which would begin by '- route:'"));
    }
    Node value = fields.get(0).getValueNode();
    if (value instanceof ScalarNode && !isText(key, FROM)) {
      return Optional.of(at(file, key, "there is nothing in '%s'".formatted(key.getValue())));
    }
    return isText(key, ROUTE)
            && value instanceof MappingNode route
            && route.getValue().stream().noneMatch(field -> isText(field.getKeyNode(), FROM))
        ? Optional.of(at(file, key, "the route has no '%s'".formatted(FROM)))
        : Optional.empty();
  }

  private static boolean isText(Node node, String text) {
    return node instanceof ScalarNode scalar && scalar.getValue().equals(text);
  }

  private static Problem at(String file, Node node, String reason) {
    return Diagnosis.at(file, node.getStartMark(), reason);
  }
}
