package io.github.camelingest.load;

import io.github.camelingest.ledger.Claims;
import java.util.Map;
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
  private final Work work;

  /**
   * @param work what is loaded here
   */
  public ObjectsComponent(Claims claims, Loads loads, S3Clients s3, Work work) {
    this.claims = claims;
    this.loads = loads;
    this.s3 = s3;
    this.work = work;
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

  Work work() {
    return work;
  }
}
