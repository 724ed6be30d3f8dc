package io.github.camelingest.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The applications that run on this ledger, for whoever watches them; nothing depends on it. Does
 * not wait while the database is away. Thread-safe.
 */
public final class Instances {

  /** How long one that has crashed is told of. */
  private static final Duration KEPT = Duration.ofHours(1);

  /** So many are read. */
  private static final int SHOWN = 20;

  private static final ObjectMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private final JdbcClient jdbc;

  public Instances(DataSource dataSource) {
    this.jdbc = JdbcClient.create(dataSource);
  }

  /** Notes what an instance tells of itself, in place of what it told before. */
  public void report(Instance instance) {
    jdbc.sql(
            """
            with outdated as (
              delete from ingest.instance where seen_at < clock_timestamp() - :kept * interval '1 second' and id <> :id
            )
            insert into ingest.instance as i
              (id, host, pid, version, started_at, seen_at, address, routes, loading, reloaded_at, reload_error, reload_failed_at)
            values (:id, :host, :pid, :version, :started, clock_timestamp(), :address, cast(:routes as jsonb), cast(:loading as jsonb),
              :reloaded, :reloadError, :reloadFailed)
            on conflict (id) do update set
              seen_at = excluded.seen_at, address = excluded.address, routes = excluded.routes, loading = excluded.loading,
              reloaded_at = excluded.reloaded_at, reload_error = excluded.reload_error,
              reload_failed_at = excluded.reload_failed_at
            """)
        .param("kept", KEPT.toSeconds())
        .param("id", instance.id())
        .param("host", storable(instance.host()))
        .param("pid", instance.pid())
        .param("version", instance.version())
        .param("started", timestamp(instance.started()))
        .param("address", instance.address())
        .param("routes", json(instance.routes()))
        .param("loading", json(instance.loading()))
        .param("reloaded", timestamp(instance.edited().taken()))
        .param("reloadError", storable(instance.edited().error()))
        .param("reloadFailed", timestamp(instance.edited().failed()))
        .update();
  }

  /** Forgets an instance that ends. */
  public void remove(String id) {
    jdbc.sql("delete from ingest.instance where id = ?").param(id).update();
  }

  /** Those that were seen within the last hour, the one that was started first first. */
  public List<Instance> all() {
    return jdbc.sql("select * from ingest.instance order by started_at, id limit ?")
        .param(SHOWN)
        .query((row, n) -> instance(row))
        .list();
  }

  private static Instance instance(ResultSet row) throws SQLException {
    return new Instance(
        row.getString("id"),
        row.getString("host"),
        row.getLong("pid"),
        row.getString("version"),
        instant(row, "started_at"),
        instant(row, "seen_at"),
        row.getString("address"),
        list(row.getString("routes"), Instance.Route.class),
        list(row.getString("loading"), Instance.Loading.class),
        new Instance.Edited(
            instant(row, "reloaded_at"),
            row.getString("reload_error"),
            instant(row, "reload_failed_at")));
  }

  private static Timestamp timestamp(Instant at) {
    return at == null ? null : Timestamp.from(at);
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    Timestamp at = row.getTimestamp(column);
    return at == null ? null : at.toInstant();
  }

  /** PostgreSQL's text cannot hold U+0000; this is its picture. */
  private static String storable(String text) {
    return text == null ? null : text.replace('\0', '\u2400');
  }

  private static String json(List<?> values) {
    try {
      return JSON.writeValueAsString(values);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> List<T> list(String json, Class<T> type) {
    try {
      return JSON.readerForListOf(type).readValue(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
