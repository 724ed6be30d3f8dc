package io.github.camelingest.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelingest.ledger.Outages;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.impl.DefaultCamelContext;
import org.postgresql.ds.PGSimpleDataSource;

/** The JSON mapper that routes name, without the servers that the other beans need. */
public final class RoutesJson {

  private RoutesJson() {}

  /** The bean {@code json}, as the application configures it. */
  public static ObjectMapper mapper() {
    Settings settings = Settings.of(new Properties(), "", Map.of("INGEST_BUCKET", "bucket"));
    DefaultCamelContext context = new DefaultCamelContext();
    new Beans(settings, null, new PGSimpleDataSource(), new Outages(), null, null)
        .configure(context);
    return context.getRegistry().lookupByNameAndType("json", ObjectMapper.class);
  }
}
