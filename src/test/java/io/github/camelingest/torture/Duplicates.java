package io.github.camelingest.torture;

import io.github.camelingest.it.Space;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DataAccessException;

/** Looks for lines that stand twice in the journal, which is wrong at any moment. */
final class Duplicates {

  private Duplicates() {}

  /**
   * What is wrong in the objects that were loaded of late in more than one attempt; nothing where
   * the database is away.
   */
  static Optional<String> in(Space space) {
    try {
      List<String> twice =
          space
              .sql()
              .sql(
                  """
                  select format('%s line %s', o.key, j.line)
                  from ingest.object o
                  join torture.journal j on j.object_id = o.id
                  where o.attempts > 1 and coalesce(o.loaded_at > clock_timestamp() - interval '30 seconds', true)
                  group by o.key, o.id, j.line
                  having count(*) > 1
                  order by 1
                  limit 3
                  """)
              .query(String.class)
              .list();
      return twice.isEmpty()
          ? Optional.empty()
          : Optional.of("lines were delivered twice, such as " + twice);
    } catch (DataAccessException e) {
      return Optional.empty();
    }
  }
}
