package io.github.camelingest.load;

import io.github.camelingest.ledger.Claims;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * The Camel component {@value #SCHEME}: a route from {@code objects:visits} loads the objects of
 * the dataset {@code visits} that wait in the ledger. Thread-safe.
 */
public final class ObjectsComponent extends DefaultComponent {

  /** How its endpoints begin. */
  public static final String SCHEME = "objects";

  /** It is part of a table's name, so that it needs no quotes there. */
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

  private final Claims claims;
  private final Loads loads;
  private final S3Clients s3;
  private final Predicate<String> taken;
  private final Optional<Instant> replay;

  /**
   * @param taken which datasets are loaded here
   * @param replay loads only what this command wants loaded again, by when it was given; else
   *     everything but that
   */
  public ObjectsComponent(
      Claims claims, Loads loads, S3Clients s3, Predicate<String> taken, Optional<Instant> replay) {
    this.claims = claims;
    this.loads = loads;
    this.s3 = s3;
    this.taken = taken;
    this.replay = replay;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String dataset, Map<String, Object> parameters)
      throws Exception {
    if (!NAME.matcher(dataset).matches()) {
      throw new IllegalArgumentException(
          "'%s' is no name for a dataset: small letters, digits and _, after a letter"
              .formatted(dataset));
    }
    ObjectsEndpoint endpoint = new ObjectsEndpoint(uri, this, dataset);
    setProperties(endpoint, parameters);
    return endpoint;
  }

  Claims claims() {
    return claims;
  }

  Loads loads() {
    return loads;
  }

  S3Clients s3() {
    return s3;
  }

  boolean isTaken(String dataset) {
    return taken.test(dataset);
  }

  Optional<Instant> replay() {
    return replay;
  }
}
