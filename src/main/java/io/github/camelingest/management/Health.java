package io.github.camelingest.management;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;

/**
 * Camel's health checks as JSON: whether the application lives, whether it is ready, or both. The
 * status of the answer is 503 where it is down. Thread-safe.
 */
public final class Health implements HttpHandler {

  public static final String PATH = "/observe/health";

  /** Not only the checks that are down. */
  private static final String ALL = "full";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final CamelContext context;

  public Health(CamelContext context) {
    this.context = context;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    switch (exchange.getRequestURI().getPath()) {
      case PATH, PATH + "/" -> tell(exchange, HealthCheckHelper.invoke(context, ALL), true);
      case PATH + "/live" -> tell(exchange, HealthCheckHelper.invokeLiveness(context, ALL), false);
      case PATH + "/ready" -> tell(exchange, HealthCheckHelper.invokeReadiness(context, ALL), true);
      default ->
          Answer.text(
              exchange,
              HttpURLConnection.HTTP_NOT_FOUND,
              "there are %s, %s/live and %s/ready".formatted(PATH, PATH, PATH));
    }
  }

  private static void tell(
      HttpExchange exchange, Collection<HealthCheck.Result> results, boolean readiness)
      throws IOException {
    boolean up = HealthCheckHelper.isResultsUp(results, readiness);
    Answer.send(
        exchange,
        up ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAVAILABLE,
        "application/json",
        json(results, up));
  }

  private static String json(Collection<HealthCheck.Result> results, boolean up)
      throws JsonProcessingException {
    ObjectNode answer = JSON.createObjectNode();
    answer.put("status", up ? "UP" : "DOWN");
    ArrayNode checks = answer.putArray("checks");
    List<HealthCheck.Result> ordered =
        results.stream().sorted(Comparator.comparing(one -> one.getCheck().getId())).toList();
    for (HealthCheck.Result result : ordered) {
      ObjectNode check = checks.addObject();
      check.put("name", result.getCheck().getId());
      check.put("status", result.getState().name());
      result.getMessage().ifPresent(message -> check.put("message", message));
      ObjectNode data = JSON.createObjectNode();
      result.getDetails().entrySet().stream()
          // How often Camel itself was asked.
          .filter(detail -> !HealthCheckHelper.isReservedKey(detail.getKey()))
          .sorted(Map.Entry.comparingByKey())
          .forEach(detail -> data.put(detail.getKey(), String.valueOf(detail.getValue())));
      if (!data.isEmpty()) {
        check.set("data", data);
      }
    }
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(answer);
  }
}
