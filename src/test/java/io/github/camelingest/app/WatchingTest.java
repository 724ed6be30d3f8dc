package io.github.camelingest.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelingest.ledger.Outages;
import io.github.camelingest.routes.Edits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Who may ask JMX by HTTP, depending on where that can be asked. */
class WatchingTest {

  private static final String EVERYWHERE = "0.0.0.0";
  private static final String LOOPBACK = "127.0.0.1";

  @Test
  void onLoopbackWithoutAPasswordJmxIsForWhoIsThere() throws Exception {
    assertThat(asked(LOOPBACK, "", null)).isEqualTo(200);
  }

  @Test
  void elsewhereWithoutAPasswordThereIsNoJmx() throws Exception {
    assertThat(asked(EVERYWHERE, "", null)).isEqualTo(404);
  }

  @Test
  void elsewhereJmxIsForWhoKnowsThePassword() throws Exception {
    assertThat(asked(EVERYWHERE, "secret", null)).isEqualTo(401);
    assertThat(asked(EVERYWHERE, "secret", "camel-ingest:wrong")).isEqualTo(401);
    assertThat(asked(EVERYWHERE, "secret", "somebody:secret")).isEqualTo(401);
    assertThat(asked(EVERYWHERE, "secret", "camel-ingest:secret")).isEqualTo(200);
  }

  @Test
  void aPasswordHoldsOnLoopbackToo() throws Exception {
    assertThat(asked(LOOPBACK, "secret", null)).isEqualTo(401);
    assertThat(asked(LOOPBACK, "secret", "camel-ingest:secret")).isEqualTo(200);
  }

  /** The status of what is answered. */
  private static int asked(String host, String password, String login)
      throws IOException, InterruptedException {
    Settings settings =
        Settings.of(
            new Properties(),
            "application.properties",
            Map.of(
                "INGEST_MANAGEMENT_HOST", host,
                "INGEST_MANAGEMENT_PORT", "0",
                "INGEST_MANAGEMENT_PASSWORD", password));
    BlockingExecutor writers = new BlockingExecutor(1);
    try (Watching watching =
        Watching.listen(settings, new PGSimpleDataSource(), new Outages(), new Edits(), writers)
            .orElseThrow()) {
      watching.serve(new DefaultCamelContext(), () -> null);
      URI there = URI.create(watching.address().replace(EVERYWHERE, LOOPBACK)).resolve("/jolokia");
      HttpRequest.Builder request =
          HttpRequest.newBuilder(there)
              .POST(HttpRequest.BodyPublishers.ofString("{\"type\": \"version\"}"));
      if (login != null) {
        request.header(
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
      }
      return HttpClient.newHttpClient()
          .send(request.build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } finally {
      writers.shutdownNow();
    }
  }
}
