package io.github.camelingest.torture;

import io.github.camelingest.it.FaultProxy;
import io.github.camelingest.it.FaultProxy.Fault;
import io.github.camelingest.it.FaultProxy.Request;
import io.github.camelingest.ledger.Ledger;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Does harm, one kind at a time: most last for a round, two last longer. All kinds come equally
 * often, in a seeded order. Not thread-safe.
 */
final class Harms {

  /** The lease of a claim in the ledger: three heartbeats. */
  private static final Duration LEASE = Ledger.HEARTBEAT.multipliedBy(3);

  private static final Duration FROZEN = LEASE.plusSeconds(3);
  private static final Duration POSTGRES_AWAY = Duration.ofSeconds(20);
  private static final int LONGEST_RECOVERY_WAIT_MILLIS = 1_500;
  private static final int QUIET_ROUNDS = 3;
  private static final int TINY_BYTES = 5_000;
  private static final int LARGE_BYTES = 30_000_000;

  private final Servers servers;
  private final Instances instances;
  private final Random random;
  private final Tally tally;
  private final Deque<Harm> deck = new ArrayDeque<>();

  /** One that outlasts its round, and until when, in nanoseconds of the system's clock. */
  private Harm lasting = Harm.NOTHING;

  private long lastingUntil;

  Harms(Servers servers, Instances instances, Random random, Tally tally) {
    this.servers = servers;
    this.instances = instances;
    this.random = random;
    this.tally = tally;
  }

  /** The next harm begins. */
  Harm begin() throws InterruptedException {
    Harm harm = next();
    if (lasting != Harm.NOTHING || !start(harm)) {
      return Harm.NOTHING;
    }
    if (harm != Harm.NOTHING) {
      tally.count(harm.toString());
    }
    return harm;
  }

  private Harm next() {
    if (deck.isEmpty()) {
      List<Harm> cards = new ArrayList<>(Arrays.asList(Harm.values()));
      cards.addAll(Collections.nCopies(QUIET_ROUNDS - 1, Harm.NOTHING));
      Collections.shuffle(cards, random);
      deck.addAll(cards);
    }
    return deck.pop();
  }

  /** Whether it could be done. */
  private boolean start(Harm harm) throws InterruptedException {
    FaultProxy s3 = servers.s3();
    FaultProxy sqs = servers.sqs();
    switch (harm) {
      case NOTHING -> {}
      case S3_UNAVAILABLE -> s3.on(share(0.5), Fault.answer(503));
      case S3_ERROR -> s3.on(share(0.5), Fault.answer(500));
      case S3_CUT -> s3.on(Harms::isGetObject, Fault.cutAfter(somewhere()));
      case S3_STALLED -> s3.on(Harms::isGetObject, Fault.stallAfter(somewhere()));
      case SQS_UNREACHABLE -> sqs.on(request -> true, Fault.refuse());
      case SQS_UNAVAILABLE -> sqs.on(share(0.7), Fault.answer(503));
      case RECEIVE_LOST -> sqs.on(sqs("ReceiveMessage"), Fault.loseResponse());
      case DELETE_LOST -> sqs.on(sqs("DeleteMessage"), Fault.loseResponse());
      case DELETE_SWALLOWED -> sqs.on(sqs("DeleteMessage"), Fault.swallow());
      case CONNECTIONS_TERMINATED -> terminateConnections();
      case POSTGRES_KILLED -> {
        servers.stack().killPostgres();
        TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_RECOVERY_WAIT_MILLIS));
        servers.stack().startPostgres();
      }
      case POSTGRES_STOPPED -> {
        servers.stack().stopPostgres();
        last(harm, POSTGRES_AWAY);
      }
      case INSTANCE_FROZEN -> {
        if (!instances.freeze(random)) {
          return false;
        }
        last(harm, FROZEN);
      }
    }
    return true;
  }

  private void last(Harm harm, Duration howLong) {
    lasting = harm;
    lastingUntil = System.nanoTime() + howLong.toNanos();
  }

  private Predicate<Request> share(double share) {
    return request -> random.nextDouble() < share;
  }

  private static Predicate<Request> sqs(String action) {
    return request -> request.isSqs(action);
  }

  private static boolean isGetObject(Request request) {
    return request.method().equals("GET") && !request.query().contains("list-type");
  }

  /** A number of bytes in a tiny object or in a large one. */
  private long somewhere() {
    return random.nextInt(random.nextBoolean() ? TINY_BYTES : LARGE_BYTES);
  }

  private void terminateConnections() {
    servers
        .tortured()
        .number(
            """
            select count(pg_terminate_backend(pid)) from pg_stat_activity
            where application_name = 'camel-ingest' and datname = current_database()
            """);
  }

  /** The round is over, and with it every harm whose time is up. */
  void end() {
    servers.s3().heal();
    servers.sqs().heal();
    if (lasting != Harm.NOTHING && System.nanoTime() >= lastingUntil) {
      endLasting();
    }
  }

  private void endLasting() {
    switch (lasting) {
      case POSTGRES_STOPPED -> servers.stack().startPostgres();
      case INSTANCE_FROZEN -> instances.thaw();
      default -> throw new IllegalStateException(lasting + " ends with its round");
    }
    lasting = Harm.NOTHING;
  }

  /** Ends every harm. */
  void healAll() {
    lastingUntil = System.nanoTime();
    end();
  }
}
