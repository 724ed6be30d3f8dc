package io.github.camelingest.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelingest.management.RoutesHealth;
import java.util.List;
import java.util.Set;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What edits and stops of routes mean for their health. */
class RoutesHealthTest {

  private final Edits edits = new Edits();
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final RoutesHealth health = new RoutesHealth(context, edits);

  @BeforeEach
  void start() throws Exception {
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:visits").routeId("visits").log("${body}");
          }
        });
    context.start();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void isUpWhileAllRun() {
    HealthCheck.Result result = health.call();

    assertThat(result.getState()).isEqualTo(HealthCheck.State.UP);
    assertThat(result.getDetails()).containsEntry("route.visits", "Started");
  }

  @Test
  void anEditThatWasNotTakenIsToldAndTakesNothingDown() {
    // When
    edits.fail(List.of(new Problem("routes/visits.camel.yaml", 7, 3, "no such bean")));
    HealthCheck.Result result = health.call();

    // Then
    assertThat(result.getState()).isEqualTo(HealthCheck.State.UP);
    assertThat(result.getDetails())
        .containsEntry("edit", "routes/visits.camel.yaml:7:3: no such bean")
        .containsKey("edit.at");
  }

  @Test
  void isDownWithTheNameOfARouteThatAnEditTookAway() throws Exception {
    // When
    context.getRouteController().stopRoute("visits");
    context.removeRoute("visits");
    edits.stopped(Set.of("visits"));
    HealthCheck.Result result = health.call();

    // Then
    assertThat(result.getState()).isEqualTo(HealthCheck.State.DOWN);
    assertThat(result.getMessage().orElse("")).contains("visits");
    assertThat(result.getDetails()).containsEntry("route.visits", "an edit took it away");
  }

  @Test
  void isDownWithTheNameOfARouteThatWasStopped() throws Exception {
    // When
    context.getRouteController().stopRoute("visits");
    HealthCheck.Result result = health.call();

    // Then
    assertThat(result.getState()).isEqualTo(HealthCheck.State.DOWN);
    assertThat(result.getMessage().orElse("")).contains("visits=Stopped");
  }

  @Test
  void doesNotEndALifeThatAStartAnewWouldNotMend() {
    assertThat(health.isLiveness()).isFalse();
    assertThat(health.isReadiness()).isTrue();
  }
}
