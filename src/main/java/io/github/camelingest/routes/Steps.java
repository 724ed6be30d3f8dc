package io.github.camelingest.routes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.processor.DefaultProcessorFactory;
import org.apache.camel.reifier.ProcessorReifier;

/**
 * Makes the steps of routes as Camel does, and keeps which step became what, and at which one it
 * failed: Camel's exceptions name the outermost step only. Belongs to one thread.
 */
final class Steps extends DefaultProcessorFactory {

  private final List<Step> made = new ArrayList<>();
  private NamedNode failed;

  /** A step of a route and what it became. */
  record Step(Route route, ProcessorDefinition<?> definition, Processor processor) {}

  @Override
  public Processor createProcessor(Route route, NamedNode definition) throws Exception {
    try {
      ProcessorDefinition<?> step = (ProcessorDefinition<?>) definition;
      Processor processor = ProcessorReifier.reifier(route, step).createProcessor();
      made.add(new Step(route, step, processor));
      return processor;
    } catch (Exception e) {
      if (failed == null) {
        failed = definition;
      }
      throw e;
    }
  }

  /** The innermost step that failed since the last call, if one did. */
  Optional<NamedNode> failed() {
    Optional<NamedNode> step = Optional.ofNullable(failed);
    failed = null;
    return step;
  }

  /** All steps that were made, in the order of the file, each behind the steps inside it. */
  List<Step> made() {
    return made;
  }
}
