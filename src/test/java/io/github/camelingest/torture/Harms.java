package io.github.camelingest.torture;

import io.github.camelingest.it.FaultProxy;
import io.github.camelingest.it.FaultProxy.Fault;
import io.github.camelingest.it.FaultProxy.Request;
import io.github.camelingest.ledger.Claims;
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
 * Does harm, one kind a round, in a seeded order: all kinds come equally often but the two that
 * take long, of which one comes as often as another kind. Not thread-safe.
 */
final class Harms {

  /** The lease of a claim in the ledger. */
  private static final Duration LEASE = Claims.LEASE;

  private static final Duration FROZEN = LEASE.plusSeconds(3);
  private static final Duration POSTGRES_AWAY = Duration.ofSeconds(20);
  private static final int LONGEST_RECOVERY_WAIT_MILLIS = 1_500;
  private static final int SAVES = 4;

  /** Some are seen by themselves, and some only with the next one. */
  private static final int LONGEST_PAUSE_BETWEEN_SAVES_MILLIS = 1_500;

  private static final int QUIET_ROUNDS = 3;
  private static final int TINY_BYTES = 5_000;
  private static final int LARGE_BYTES = 30_000_000;

  private final WorkingFolder working;
  private final Servers servers;
  private final Instances instances;
  private final Random random;
  private final Tally tally;
  private final Deque<Harm> deck = new ArrayDeque<>();

  /** Until when an instance is frozen, in nanoseconds of the system's clock; 0 where none is. */
  private long frozenUntil;

  Harms(WorkingFolder working, Servers servers, Instances instances, Random random, Tally tally) {
    this.working = working;
    this.servers = servers;
    this.instances = instances;
    this.random = random;
    this.tally = tally;
  }

  /** The next harm begins. */
  Harm begin() throws InterruptedException {
    Harm harm = next();
    if (!start(harm)) {
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
      cards.remove(random.nextBoolean() ? Harm.POSTGRES_STOPPED : Harm.INSTANCE_FROZEN);
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
      case ROUTES_SAVED -> {
        for (int save = 0; save < SAVES; save++) {
          working.save(save % 2 == 1);
          TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_PAUSE_BETWEEN_SAVES_MILLIS));
        }
        // Else none could be started in this round.
        working.save(false);
      }
      case S3_UNAVAILABLE -> s3.on(share(0.5), Fault.answer(503));
      case S3_ERROR -> s3.on(share(0.5), Fault.answer(500));
      case S3_CUT -> s3.on(Harms::isGetObject, Fault.cutAfter(somewhere()));
      case S3_STALLED -> s3.on(Harms::isGetObject, Fault.stallAfter(somewhere()));
      case SQS_UNREACHABLE -> sqs.on(request -> true, Fault.refuse());
      case SQS_UNAVAILABLE -> sqs.on(share(0.7), Fault.answer(503));
      case RECEIVE_LOST -> sqs.on(sqs("ReceiveMessage"), Fault.loseResponse());
      case DELETE_LOST -> sqs.on(sqs("DeleteMessageBatch"), Fault.loseResponse());
      case DELETE_SWALLOWED -> sqs.on(sqs("DeleteMessageBatch"), Fault.swallow());
      case CONNECTIONS_TERMINATED -> terminateConnections();
      case POSTGRES_KILLED -> {
        servers.stack().killPostgres();
        TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_RECOVERY_WAIT_MILLIS));
        servers.stack().startPostgres();
      }
      case POSTGRES_STOPPED -> {
        servers.stack().stopPostgres();
        TimeUnit.MILLISECONDS.sleep(POSTGRES_AWAY.toMillis());
        servers.stack().startPostgres();
      }
      case INSTANCE_FROZEN -> {
        if (frozenUntil > 0 || !instances.freeze(random)) {
          return false;
        }
        frozenUntil = System.nanoTime() + FROZEN.toNanos();
      }
    }
    return true;
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

  /** The round is over, and with it the harm; but a frozen instance stays so for its time. */
  void end() {
    servers.s3().heal();
    servers.sqs().heal();
    if (frozenUntil > 0 && System.nanoTime() >= frozenUntil) {
      instances.thaw();
      frozenUntil = 0;
    }
  }

  /** Ends every harm. */
  void healAll() {
    frozenUntil = 1;
    end();
  }
}
