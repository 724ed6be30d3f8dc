package io.github.camelingest.ledger;

import java.time.Instant;
import java.util.List;

/**
 * A running application, as it tells of itself.
 *
 * @param id names it; the owner of its claims
 * @param host the machine that it runs on
 * @param pid its process there
 * @param address where its status page is; null where it has none
 * @param loading the oldest first, some at most
 * @param seen when it last told; null where it is about to
 */
public record Instance(
    String id,
    String host,
    long pid,
    String version,
    Instant started,
    Instant seen,
    String address,
    List<Route> routes,
    List<Loading> loading,
    Edited edited) {

  /** The same of another time. */
  public Instance seen(Instant at) {
    return new Instance(id, host, pid, version, started, at, address, routes, loading, edited);
  }

  /**
   * A route.
   *
   * @param dataset what it loads; null where it loads nothing
   * @param state {@code started}, {@code suspended}, {@code stopped} and the like
   * @param description null where it has none
   */
  public record Route(String id, String dataset, String state, String description) {}

  /**
   * How far the load of an object is.
   *
   * @param bytes that were read, as they are stored in S3
   * @param rows of this load, not of earlier ones of the object; possibly not committed yet
   * @param seconds since it began
   */
  public record Loading(long objectId, long bytes, long rows, double seconds) {}

  /**
   * What became of edits of its routes and SQL.
   *
   * @param taken when the last one was taken; null where none was
   * @param error why the last one was not, so that what ran before still runs; null where it was
   * @param failed when that one was tried; null where there is no error
   */
  public record Edited(Instant taken, String error, Instant failed) {

    /** Nothing was edited. */
    public static final Edited NOTHING = new Edited(null, null, null);
  }
}
