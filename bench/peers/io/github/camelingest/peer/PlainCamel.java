package io.github.camelingest.peer;

import com.zaxxer.hikari.HikariDataSource;
import java.io.File;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy;

/** Camel with its own parts only: the tokenizer, Jackson, the aggregator and camel-sql's batch. */
public final class PlainCamel extends RouteBuilder {

  private static final int BATCH = 5_000;

  private static final String UPSERT =
      """
      sql:insert into fsm.visit (
        task_id, visit_no, node_id, visit_date, original_reported_date, node_age, node_type, task_type,
        engineer_skill_level, outcome, note_tokens, object_id, line
      ) values (
        :#taskId, :#visitNo, :#nodeId, :#visitDate, :#originalReportedDate, :#nodeAge, :#nodeType, :#taskType,
        :#skillLevel, :#outcome, :#noteTokens, 1, 1
      ) on conflict (task_id, visit_no) do update set
        node_id = excluded.node_id, visit_date = excluded.visit_date,
        original_reported_date = excluded.original_reported_date, node_age = excluded.node_age,
        node_type = excluded.node_type, task_type = excluded.task_type,
        engineer_skill_level = excluded.engineer_skill_level, outcome = excluded.outcome,
        note_tokens = excluded.note_tokens?batch=true"""
          .replace("\n", " ");

  private final AtomicLong lines = new AtomicLong();
  private final AtomicLong rows = new AtomicLong();

  public static void main(String[] arguments) throws Exception {
    CamelContext camel = new DefaultCamelContext();
    try (HikariDataSource database = new HikariDataSource()) {
      database.setJdbcUrl(Peer.url());
      database.setUsername(Peer.user());
      database.setPassword(Peer.password());
      camel.getRegistry().bind("database", DataSource.class, database);
      camel.setStreamCaching(false);
      PlainCamel route = new PlainCamel();
      camel.addRoutes(route);
      camel.start();
      Peer.ready();
      Exchange sent =
          camel
              .createProducerTemplate()
              .send("direct:file", exchange -> exchange.getIn().setBody(new File(arguments[0])));
      if (sent.getException() != null) {
        throw sent.getException();
      }
      while (route.rows.get() < route.lines.get()) {
        Thread.sleep(10);
      }
      Peer.done();
      camel.stop();
    }
  }

  @Override
  public void configure() {
    from("direct:file")
        .split(body().tokenize("\n"))
        .streaming()
        .stopOnException()
        .process(exchange -> exchange.getIn().setBody(parameters(exchange)))
        .aggregate(constant(true), new GroupedBodyAggregationStrategy())
        .completionSize(BATCH)
        .completionPredicate(exchangeProperty(Exchange.SPLIT_COMPLETE))
        .eagerCheckCompletion()
        .setProperty("rows", simple("${body.size}"))
        .to(UPSERT)
        .process(exchange -> rows.addAndGet(exchange.getProperty("rows", Integer.class)));
  }

  private Map<String, Object> parameters(Exchange exchange) throws Exception {
    lines.incrementAndGet();
    Visit visit = Visit.parse(exchange.getIn().getBody(String.class));
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("taskId", visit.taskId);
    row.put("visitNo", visit.visitNo);
    row.put("nodeId", visit.nodeId);
    row.put("visitDate", visit.visitDate);
    row.put("originalReportedDate", visit.originalReportedDate);
    row.put("nodeAge", visit.nodeAge);
    row.put("nodeType", visit.nodeType);
    row.put("taskType", visit.taskType);
    row.put("skillLevel", visit.skillLevel);
    row.put("outcome", visit.outcome);
    row.put("noteTokens", visit.noteTokens);
    return row;
  }
}
