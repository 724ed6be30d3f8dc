package io.github.camelingest.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.camelingest.discovery.Datasets;
import io.github.camelingest.ledger.BatchWitness;
import io.github.camelingest.ledger.Outages;
import io.github.camelingest.load.Work;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.IdAware;
import org.apache.camel.test.junit5.CamelContextConfiguration;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The routes as shipped start with the application's beans; nothing here needs a server. */
class RoutesTest extends CamelMainTestSupport {

  private static final Settings SETTINGS =
      Settings.of(new Properties(), "", Map.of("INGEST_BUCKET", "bucket"));

  @Override
  protected void configure(MainConfigurationProperties camel) {
    HikariConfig nowhere = new HikariConfig();
    nowhere.setJdbcUrl("jdbc:postgresql://127.0.0.1:1/none");
    nowhere.setInitializationFailTimeout(-1);
    HikariDataSource database = new HikariDataSource(nowhere);
    S3Client s3 =
        S3Client.builder()
            .region(Region.US_EAST_1)
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .build();
    ExecutorService threads = Executors.newSingleThreadExecutor();
    camel.addConfiguration(
        new Beans(
            SETTINGS,
            (role, requesterPays) -> s3,
            (role, requesterPays) -> s3,
            database,
            new Outages(),
            threads,
            Work.nothing(),
            BatchWitness.NOBODY));
    camel.setRoutesIncludePattern("file:routes/*.camel.yaml");
  }

  @Override
  public void configureContext(CamelContextConfiguration configuration) {
    super.configureContext(configuration);
    configuration.withUseOverridePropertiesWithPropertiesComponent(properties(Path.of("sql")));
  }

  private static Properties properties(Path sql) {
    Properties properties = SETTINGS.placeholders();
    properties.setProperty("ingest.sql", "file:" + sql);
    properties.setProperty("ingest.discovery", "none");
    return properties;
  }

  @Test
  void visitsAndNetworkAreDatasets() {
    assertThat(datasets().all()).containsOnlyKeys("network", "visits");
  }

  @Test
  void aDatasetOfJsonLinesIsMadeOfTheTemplate(@TempDir Path sql) throws Exception {
    // Given
    Files.createDirectory(sql.resolve("load"));
    Files.writeString(sql.resolve("load/orders.sql"), "select 1");
    Files.writeString(sql.resolve("load/returns.sql"), "select 1");
    context.getPropertiesComponent().setOverrideProperties(properties(sql));

    // When
    for (String dataset : List.of("orders", "returns")) {
      TemplatedRouteBuilder.builder(context, "json-lines")
          .routeId(dataset)
          .prefixId(dataset + "-")
          .parameter("dataset", dataset)
          .parameter("table", "shop." + dataset)
          .add();
    }

    // Then
    assertThat(datasets().all()).containsOnlyKeys("network", "orders", "returns", "visits");
    assertThat(datasets().all().get("orders").source()).hasToString("[s3://bucket/orders/]");
    everyRouteAndStepHasANameAndEveryRouteSaysWhatItDoes();
    assertThat(context.getRoute("orders").filter("*").stream().map(s -> ((IdAware) s).getId()))
        .contains("orders-open", "orders-json", "orders-take-back");
  }

  private Datasets datasets() {
    return context.getRegistry().lookupByNameAndType("datasets", Datasets.class);
  }

  @Test
  void healthTellsOfTheDatabase() {
    assertThat(HealthCheckHelper.invokeReadiness(context, "full"))
        .anySatisfy(
            result -> {
              assertThat(result.getCheck().getId()).isEqualTo("database");
              assertThat(result.getState()).isEqualTo(HealthCheck.State.UP);
            });
  }

  @Test
  void everyRouteAndStepHasANameAndEveryRouteSaysWhatItDoes() {
    Collection<RouteDefinition> routes =
        context.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinitions();

    assertThat(routes).hasSizeGreaterThan(2);
    for (RouteDefinition route : routes) {
      assertThat(route.hasCustomIdAssigned()).as("id of %s", route).isTrue();
      assertThat(route.getDescription()).as("description of %s", route.getId()).isNotBlank();
      assertThat(
              ProcessorDefinitionHelper.filterTypeInOutputs(
                  route.getOutputs(), ProcessorDefinition.class))
          .allSatisfy(
              step ->
                  assertThat(step.hasCustomIdAssigned())
                      .as("id of %s in %s", step, route.getId())
                      .isTrue());
    }
  }
}
