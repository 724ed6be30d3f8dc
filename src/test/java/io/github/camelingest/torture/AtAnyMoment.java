package io.github.camelingest.torture;

import io.github.camelingest.it.Space;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DataAccessException;

/**
 * What must hold in the database at any moment, however many loads are under way: a line stands in
 * the journal once at most, and only if the ledger says that it is committed.
 */
final class AtAnyMoment {

  private static final String TWICE =
      """
      select format('%s line %s', o.key, j.line)
      from ingest.object o
      join torture.journal j on j.object_id = o.id
      where o.attempts > 1 and coalesce(o.loaded_at > clock_timestamp() - interval '30 seconds', true)
      group by o.key, o.id, j.line
      having count(*) > 1
      order by 1
      limit 3
      """;

  private static final String BEFORE_THE_LEDGER =
      """
      select format('%s line %s', o.key, j.line)
      from ingest.object o
      join torture.journal j on j.object_id = o.id
      where o.state in ('discovered', 'loading') and not o.committed @> j.line
      limit 3
      """;

  private final Space space;

  AtAnyMoment(Space space) {
    this.space = space;
  }

  /** What is wrong now; nothing where the database is away. */
  Optional<String> wrong() {
    return look("lines were delivered twice", TWICE)
        .or(() -> look("rows were committed before the ledger's progress", BEFORE_THE_LEDGER));
  }

  private Optional<String> look(String complaint, String query) {
    try {
      List<String> lines = space.sql().sql(query).query(String.class).list();
      return lines.isEmpty()
          ? Optional.empty()
          : Optional.of("%s, such as %s".formatted(complaint, lines));
    } catch (DataAccessException e) {
      return Optional.empty();
    }
  }
}
