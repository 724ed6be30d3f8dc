package io.github.camelingest.torture;

import io.github.camelingest.it.Space;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The tables of the tortured database beside those of the reference run: every row, the ids of
 * objects replaced by their keys and etags. So a row of a version that is not in the bucket any
 * more is a difference, since the reference run never saw that version.
 */
final class Comparison {

  private static final int SHOWN = 3;
  private static final int SHOWN_CHARACTERS = 400;
  private static final Pattern ETAG = Pattern.compile("\"etag\": \"([^\"]*)\"");

  private final Space tortured;
  private final Space reference;
  private final Map<String, String> current;
  private final List<String> differences = new ArrayList<>();
  private long rows;

  /**
   * @param current keys and etags of the objects in the bucket
   */
  Comparison(Space tortured, Space reference, Map<String, String> current) {
    this.tortured = tortured;
    this.reference = reference;
    this.current = current;
  }

  /** What is not equal, in words; empty where everything is. */
  List<String> differences() throws SQLException {
    if (!tables(tortured).equals(tables(reference))) {
      differences.add("the databases have different tables");
    }
    for (String table : tables(reference)) {
      compare(table, rowsOf(table));
    }
    compareLedger();
    return differences;
  }

  /** Rows that were compared. */
  long rows() {
    return rows;
  }

  /** Those with data: all of schema fsm, the journal and the rejected lines. */
  private static List<String> tables(Space space) {
    List<String> ofDatasets =
        space
            .sql()
            .sql(
                "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('fsm', 'torture')")
            .query(String.class)
            .list();
    return Stream.concat(ofDatasets.stream(), Stream.of("ingest.rejected_line")).sorted().toList();
  }

  private static String rowsOf(String table) {
    return """
        select (
          v - 'object_id' - 'at' || jsonb_build_object('key', o.key, 'etag', coalesce(o.etag, 'of nobody: ' || (v ->> 'object_id')))
        )::text
        from (select to_jsonb(t) from %s t) as rows (v)
        left join ingest.object o on o.id = (v ->> 'object_id')::bigint
        """
        .formatted(table);
  }

  private void compareLedger() throws SQLException {
    String[] keys = current.keySet().toArray(String[]::new);
    String[] etags = Arrays.stream(keys).map(current::get).toArray(String[]::new);
    compare(
        "ingest.object",
        """
        select jsonb_build_object(
          'dataset', dataset, 'key', key, 'etag', etag, 'state', state, 'size', size, 'last_modified', last_modified,
          'lines', lines, 'rows', rows, 'rejected', rejected, 'blank', blank, 'filtered', filtered,
          'committed', committed::text
        )::text
        from ingest.object
        where (key, etag) in (select * from unnest(?, ?))
        """,
        keys,
        etags);
    List<String> failed =
        tortured
            .sql()
            .sql(
                "select key || ': ' || coalesce(error, '') from ingest.object where state = 'failed' order by id limit 3")
            .query(String.class)
            .list();
    failed.forEach(object -> differences.add("ingest.object: failed: " + object));
  }

  private void compare(String table, String query, String[]... parameters) throws SQLException {
    try (SortedRows ours = SortedRows.of(tortured.connection(), query, parameters);
        SortedRows theirs = SortedRows.of(reference.connection(), query, parameters)) {
      long differ = 0;
      byte[] our = ours.next();
      byte[] their = theirs.next();
      while (our != null || their != null) {
        int order = order(our, their);
        if (order != 0 && differ++ < SHOWN) {
          differences.add(
              "%s: %s: %s"
                  .formatted(
                      table,
                      order < 0 ? "only in the tortured database" : "only in the reference",
                      order < 0 ? shown(our) + hint(our) : shown(their)));
        }
        our = order <= 0 ? ours.next() : our;
        their = order >= 0 ? theirs.next() : their;
        rows++;
      }
      if (differ > SHOWN) {
        differences.add("%s: %,d rows differ in all".formatted(table, differ));
      }
    }
  }

  /** Null is behind everything. */
  private static int order(byte[] our, byte[] their) {
    if (our == null || their == null) {
      return our == null ? 1 : -1;
    }
    return Arrays.compareUnsigned(our, their);
  }

  private String hint(byte[] row) {
    Matcher etag = ETAG.matcher(new String(row, StandardCharsets.UTF_8));
    return etag.find() && !current.containsValue(etag.group(1))
        ? " (of a version that is not in the bucket any more)"
        : "";
  }

  private static String shown(byte[] row) {
    String text = new String(row, StandardCharsets.UTF_8);
    return text.length() > SHOWN_CHARACTERS ? text.substring(0, SHOWN_CHARACTERS) + "…" : text;
  }
}
