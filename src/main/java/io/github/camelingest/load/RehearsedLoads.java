package io.github.camelingest.load;

import io.github.camelingest.compression.Content;
import io.github.camelingest.compression.ContentException;
import io.github.camelingest.compression.Source;
import io.github.camelingest.ledger.AfterLoad;
import io.github.camelingest.ledger.Claim;
import io.github.camelingest.ledger.LineRanges;
import io.github.camelingest.ledger.Position;
import io.github.camelingest.ledger.S3Object;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.processor.aggregate.AggregateProcessor;

/**
 * Loads of content that is at hand and that no ledger knows: in a rehearsal it stands in the place
 * of {@link Loads} and of {@link ObjectOpener}, and routes call the same methods. Thread-safe.
 */
public final class RehearsedLoads {

  /** How long lines may be on their way to a batch and through it once all are read. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final LineRanges NO_LINES = LineRanges.parse("{}");

  private final long maxCompressionRatio;

  /**
   * How a load ended.
   *
   * @param lines of the content, if it was read to its end
   * @param notLoaded why the object would not be loaded; nothing if it would
   */
  public record End(OptionalLong lines, Optional<String> notLoaded) {}

  /**
   * @param maxCompressionRatio so many times its compressed size an object may have; {@link
   *     Long#MAX_VALUE} for no limit
   */
  public RehearsedLoads(long maxCompressionRatio) {
    this.maxCompressionRatio = maxCompressionRatio;
  }

  /**
   * Sends content through a route, as if it were an object, and waits for its end.
   *
   * @param route from {@code objects:<dataset>}
   * @param content possibly compressed; is closed
   */
  public End load(Route route, InputStream content) {
    List<AggregateProcessor> batches = ObjectsConsumer.aggregators(route.navigate());
    ObjectsEndpoint dataset = (ObjectsEndpoint) route.getEndpoint();
    Load load =
        new Load(
            claim(dataset.getDataset()),
            dataset.overwritten(),
            // All lines are of interest, however many are bad.
            RejectionLimit.of(null),
            AfterLoad.KEEP,
            null,
            new Turn(new Semaphore(1)),
            () -> batches.forEach(AggregateProcessor::forceCompletionOfAllGroups));
    load.content(content);
    Consumer consumer = route.getConsumer();
    Exchange exchange = consumer.createExchange(false);
    exchange.getMessage().setBody(load);
    exchange.setProperty(Loads.LOAD, load);
    try {
      consumer.getProcessor().process(exchange);
    } catch (Exception e) {
      exchange.setException(e);
    } finally {
      Loads.close(load);
      // What a failure left there is nothing for the next load.
      batches.forEach(AggregateProcessor::forceCompletionOfAllGroups);
    }
    return new End(load.linesIfRead(), notLoaded(load, exchange.getException()));
  }

  private static Optional<String> notLoaded(Load load, Exception failure) {
    if (failure != null) {
      return Optional.of(LoadEnd.messageOf(failure));
    }
    return load.isEnded()
        ? Optional.ofNullable(load.ending().why())
        : Optional.of("the route ended before its step 'finish'");
  }

  private static Claim claim(String dataset) {
    return new Claim(
        new S3Object(dataset, "rehearsal", dataset + "/rehearsal", "", "", 0),
        0,
        0,
        Position.START,
        NO_LINES,
        0,
        0,
        false,
        false,
        false);
  }

  /** In the place of {@link ObjectOpener#open}: decompresses what is at hand. */
  public void open(Exchange exchange) {
    Load load = exchange.getMessage().getBody(Load.class);
    InputStream plain = load.content();
    // How many bytes will come is not known.
    Source source = new Source(plain, 0, () -> close(plain));
    try {
      load.content(Content.of(source, maxCompressionRatio));
    } catch (ContentException e) {
      throw new ReadException(e.getMessage(), e);
    } catch (IOException e) {
      throw new ReadException("the content cannot be read: " + e.getMessage(), e);
    }
  }

  private static void close(InputStream content) {
    try {
      content.close();
    } catch (IOException e) {
      // All of it is read, or nobody wants the rest.
    }
  }

  /** In the place of {@link Loads#awaitCommitted}. */
  public void awaitCommitted(Exchange exchange) throws InterruptedException {
    Load load = exchange.getMessage().getBody(Load.class);
    Loads.close(load);
    boolean settled = load.awaitSettled(PATIENCE);
    load.check();
    if (!settled) {
      throw new IllegalStateException(
          "batches do not come to the policy batchWriter, so that the load would wait for ever");
    }
    RejectionLimit limit = dataset(exchange).maxRejected();
    if (limit.isPassedBy(load.rejected(), load.getGoodLines())) {
      load.refuse(limit.passedMessage(load.rejected(), load.getGoodLines()));
    }
    load.checkWhole();
  }

  private static ObjectsEndpoint dataset(Exchange exchange) {
    return (ObjectsEndpoint) exchange.getFromEndpoint();
  }

  /** In the place of {@link Loads#awaitLoaded}: as if the ledger did not say loaded yet. */
  public void awaitLoaded(Exchange exchange) throws InterruptedException {
    awaitCommitted(exchange);
  }

  /** In the place of {@link Loads#refuse}. */
  public void refuse(Exchange exchange, String why) {
    exchange.getMessage().getBody(Load.class).refuse(why);
  }

  /** In the place of {@link Loads#finish}. */
  public void finish(Exchange exchange) {
    Load load = exchange.getMessage().getBody(Load.class);
    if (load.ending() == Load.Ending.LOADED) {
      // Fails if the route did not read it to its end.
      load.rest();
    }
    load.noteEnd();
  }
}
