package io.github.camelingest.it;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import schemacrawler.inclusionrule.RegularExpressionExclusionRule;
import schemacrawler.inclusionrule.RegularExpressionInclusionRule;
import schemacrawler.schemacrawler.LimitOptionsBuilder;
import schemacrawler.schemacrawler.LoadOptionsBuilder;
import schemacrawler.schemacrawler.SchemaCrawlerOptions;
import schemacrawler.schemacrawler.SchemaCrawlerOptionsBuilder;
import schemacrawler.schemacrawler.SchemaInfoLevelBuilder;
import schemacrawler.tools.command.text.diagram.options.DiagramOutputFormat;
import schemacrawler.tools.command.text.schema.options.SchemaTextOptionsBuilder;
import schemacrawler.tools.executable.SchemaCrawlerExecutable;
import schemacrawler.tools.options.Config;
import schemacrawler.tools.options.OutputOptionsBuilder;
import us.fatehi.utility.datasource.DatabaseConnectionSources;

/** What analysts find when they look at the tables, and the picture of them. */
class ModelIT {

  private static final Path PICTURE = Path.of("docs", "model.dot");

  private static final Path ASSOCIATIONS = Path.of("src", "test", "resources", "model.yaml");

  private static Space space;

  @BeforeAll
  static void migrate() {
    space = Space.withRoles();
    Jar.run(space.environment(), "load", "network").succeeded();
  }

  @Test
  void everyTableAndColumnSaysWhatItMeans() {
    assertThat(
            space
                .sql()
                .sql(
                    """
                    select n.nspname || '.' || c.relname || coalesce('.' || a.attname, '')
                    from pg_class c
                    join pg_namespace n on n.oid = c.relnamespace
                    left join lateral (
                      select null::name as attname, 0 as attnum
                      union all
                      select a.attname, a.attnum
                      from pg_attribute a
                      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                    ) as a on true
                    where c.relkind in ('r', 'v') and n.nspname in ('fsm', 'ingest', 'public')
                    and c.relname <> 'flyway_schema_history'
                    and col_description(c.oid, a.attnum) is null
                    and (a.attnum > 0 or obj_description(c.oid, 'pg_class') is null)
                    order by 1
                    """)
                .query(String.class)
                .list())
        .isEmpty();
  }

  @Test
  void thePictureIsCurrent(@TempDir Path folder) throws Exception {
    Path now = folder.resolve("model.dot");
    draw(now);

    if (Boolean.getBoolean("model.draw")) {
      Files.copy(now, PICTURE, REPLACE_EXISTING);
    }
    assertThat(text(now))
        .as("docs/model.dot; ./manage.sh model draws it and docs/model.svg anew")
        .isEqualTo(text(PICTURE));
    assertThat(text(Path.of("docs", "model.svg")))
        .contains(
            space
                .sql()
                .sql(
                    "select 'fsm.' || table_name from information_schema.tables where table_schema = 'fsm' and table_name not like '%incoming'")
                .query(String.class)
                .list());
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file).strip();
  }

  private static void draw(Path file) throws Exception {
    SchemaCrawlerOptions options =
        SchemaCrawlerOptionsBuilder.newSchemaCrawlerOptions()
            .withLimitOptions(
                LimitOptionsBuilder.builder()
                    .includeSchemas(new RegularExpressionInclusionRule(".*fsm"))
                    .includeTables(new RegularExpressionExclusionRule(".*_incoming"))
                    .tableTypes("TABLE,VIEW")
                    .toOptions())
            .withLoadOptions(
                LoadOptionsBuilder.builder()
                    .withSchemaInfoLevel(SchemaInfoLevelBuilder.standard())
                    .toOptions());
    SchemaCrawlerExecutable schema = new SchemaCrawlerExecutable("schema");
    schema.setSchemaCrawlerOptions(options);
    schema.setOutputOptions(OutputOptionsBuilder.newOutputOptions(DiagramOutputFormat.scdot, file));
    Config config = SchemaTextOptionsBuilder.builder().noInfo().noRemarks().toConfig();
    config.put("attributes-file", ASSOCIATIONS.toString());
    schema.setAdditionalConfiguration(config);
    schema.setDataSource(DatabaseConnectionSources.fromDataSource(space.dataSource()));
    schema.execute();
  }
}
