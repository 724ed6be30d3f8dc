package io.github.camelingest.routes;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.impl.engine.DefaultResourceResolvers;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceSupport;

/**
 * Lets a Camel context find routes and SQL as they were tried, whatever their files have meanwhile:
 * a route that is started again must not pick up SQL that nobody has tried. Other files are found
 * as they are. Thread-safe.
 */
final class SourceResolver extends DefaultResourceResolvers.FileResolver {

  /** Under this name Camel looks for who resolves {@code file:}. */
  static final String BEAN = "resource-loader-" + SCHEME;

  private final Supplier<Sources> sources;

  SourceResolver(Supplier<Sources> sources) {
    this.sources = sources;
  }

  @Override
  public Resource createResource(String location, String remaining) {
    Sources current = sources.get();
    Optional<String> text = current.name(location).flatMap(current::text);
    return text.map(t -> resource(location, t))
        .orElseGet(() -> super.createResource(location, remaining));
  }

  /** A file's text as Camel wants it. */
  static Resource resource(String location, String text) {
    return new ResourceSupport(SCHEME, location) {
      @Override
      public boolean exists() {
        return true;
      }

      @Override
      public InputStream getInputStream() {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
      }
    };
  }
}
