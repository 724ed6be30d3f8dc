package io.github.camelingest.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.camelingest.ledger.LogContext;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class WarningLimitTest {

  private final ListAppender<ILoggingEvent> appender =
      new ListAppender<>() {
        @Override
        protected void append(ILoggingEvent event) {
          // As an encoder does: what the thread works for is known only now.
          event.getMDCPropertyMap();
          super.append(event);
        }
      };
  private final List<Runnable> afterAMinute = new ArrayList<>();
  private Logger log;

  @BeforeEach
  void attach() {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(MDC.getMDCAdapter());
    WarningLimit limit = new WarningLimit((pause, end) -> afterAMinute.add(end));
    limit.setContext(context);
    appender.addFilter(limit);
    appender.start();
    log = context.getLogger("io.github.camelingest.load.LoadEnd");
    log.addAppender(appender);
  }

  @Test
  void tellsTenOfAKindAndThenHowManyMoreThereWere() {
    LogContext.of("visits", () -> warn(25));

    assertThat(told())
        .hasSize(WarningLimit.TOLD)
        .startsWith("0: not loaded")
        .endsWith("9: not loaded");

    afterAMinute.forEach(Runnable::run);
    assertThat(told().get(WarningLimit.TOLD))
        .isEqualTo("15 more like these within a minute, the last one: 24: not loaded");
    assertThat(appender.list.get(WarningLimit.TOLD).getMDCPropertyMap())
        .containsEntry(LogContext.DATASET, "visits");
    assertThat(appender.list.get(WarningLimit.TOLD).getLevel()).isEqualTo(Level.WARN);
  }

  @Test
  void anotherMinuteBeginsAnew() {
    warn(25);
    afterAMinute.forEach(Runnable::run);
    appender.list.clear();

    warn(1);

    assertThat(told()).containsExactly("0: not loaded");
  }

  @Test
  void otherKindsOtherDatasetsAndWhatIsNoWarningAreToldAsEver() {
    LogContext.of("visits", () -> warn(10));
    LogContext.of("network", () -> warn(10));
    for (int n = 0; n < 20; n++) {
      log.info("{}: loaded", n);
    }
    log.warn("something else");

    assertThat(told()).hasSize(41);
  }

  private void warn(int times) {
    for (int n = 0; n < times; n++) {
      log.warn("{}: not loaded", n);
    }
  }

  private List<String> told() {
    return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
