package io.github.camelingest.load;

import io.github.camelingest.compression.Source;
import io.github.camelingest.ledger.AfterLoad;
import io.github.camelingest.ledger.Claim;
import io.github.camelingest.ledger.Instance;
import io.github.camelingest.ledger.Overwriting;
import io.github.camelingest.ledger.Position;
import io.github.camelingest.ledger.Progress;
import io.github.camelingest.ledger.RejectedLine;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The work on one object, from claim to loaded; the body of its exchange.
 *
 * <p>One thread reads the object's lines and hands them over to batches; other threads commit the
 * batches. This object is where they meet: it knows how many lines are handed over and how many are
 * settled. Thread-safe.
 */
public final class Load {

  private final Claim claim;
  private final Overwriting overwriting;
  private final RejectionLimit limit;
  private final AfterLoad afterLoad;
  private final S3Client s3;
  private final Turn turn;
  private final Runnable read;
  private InputStream content;

  /** Where its bytes come from, and how many before these are not fetched again. */
  private Source source;

  private long skipped;

  /** Behind the last line that is in a batch, its ordinal and the blank lines before it. */
  private Position covered;

  private long coveredOrdinal;
  private long coveredBlanks;

  /** The same at the end of the object, once that is reached. */
  private Position end;

  private long ordinals;
  private long blanks;

  private final long began = System.nanoTime();
  private long rows;
  private long rejected;
  private long settled;

  private Instant takenByS3;
  private Ending ending = Ending.LOADED;
  private boolean replacing;
  private boolean ended;
  private RuntimeException failure;

  /** Why the object could not be read to its end; its lines up to there are good. */
  private ReadException cutShort;

  /**
   * How a load will end if nothing fails.
   *
   * @param state of the object in the ledger
   * @param why what a person should know of it, or null
   */
  record Ending(String state, String why) {

    static final Ending LOADED = new Ending("loaded", null);
  }

  /**
   * @param s3 where the object is fetched
   * @param turn among the loads of the dataset
   * @param read told once no line more will be handed over; possibly more than once
   */
  Load(
      Claim claim,
      Overwriting overwriting,
      RejectionLimit limit,
      AfterLoad afterLoad,
      S3Client s3,
      Turn turn,
      Runnable read) {
    this.claim = claim;
    this.overwriting = overwriting;
    this.limit = limit;
    this.afterLoad = afterLoad;
    this.s3 = s3;
    this.turn = turn;
    this.read = read;
    this.covered = claim.start();
  }

  public Claim claim() {
    return claim;
  }

  Overwriting overwriting() {
    return overwriting;
  }

  AfterLoad afterLoad() {
    return afterLoad;
  }

  S3Client s3() {
    return s3;
  }

  Turn turn() {
    return turn;
  }

  /** The object's id in the ledger, for SQL parameters. */
  public long getObjectId() {
    return claim.objectId();
  }

  /**
   * Whether rows of versions of the key that do not hold any more may be in the tables at the end,
   * for a route to take back.
   */
  public synchronized boolean isReplacing() {
    return replacing;
  }

  /** Notes that other versions of the key may have rows. */
  synchronized void besideOthers() {
    replacing = true;
  }

  /** Notes that nothing of the object is to be loaded: its content is empty from here on. */
  synchronized void endAs(Ending without) {
    ending = without;
    // Lines of it may be committed already.
    replacing = true;
    content = InputStream.nullInputStream();
  }

  /** How the load will end. */
  synchronized Ending ending() {
    return ending;
  }

  synchronized void content(InputStream stream) {
    content = stream;
  }

  /** The object's bytes, decompressed. */
  synchronized InputStream content() {
    return content;
  }

  /** Notes when S3 took the object. */
  synchronized void takenByS3(Instant at) {
    takenByS3 = at;
  }

  /** When S3 took the object; nothing before it is opened. */
  public synchronized Optional<Instant> takenByS3() {
    return Optional.ofNullable(takenByS3);
  }

  /**
   * Notes where the object's bytes come from.
   *
   * @param from so many before them are not fetched again
   */
  synchronized void source(Source bytes, long from) {
    source = bytes;
    skipped = from;
    content = bytes;
  }

  /** Notes the counts at the end of the object. */
  synchronized void read(Position atEnd, long allOrdinals, long allBlanks) {
    end = atEnd;
    ordinals = allOrdinals;
    blanks = allBlanks;
  }

  /** How far it is, for whoever watches. */
  synchronized Instance.Loading progress() {
    return new Instance.Loading(
        claim.objectId(), bytes(), rows(), (System.nanoTime() - began) / 1e9);
  }

  /** Lines of the whole object, known at its end. */
  synchronized long lines() {
    return end.lines();
  }

  /** The same; nothing, where the end is not reached. */
  synchronized OptionalLong linesIfRead() {
    return end == null ? OptionalLong.empty() : OptionalLong.of(end.lines());
  }

  /** Notes that the ledger has the end of this load. */
  synchronized void noteEnd() {
    ended = true;
  }

  /** Whether the ledger has the end of this load, so that nothing is left to be done. */
  public synchronized boolean isEnded() {
    return ended;
  }

  /** Lines that this load, not an earlier one of the object, made rows. */
  synchronized long rows() {
    // Rows of an earlier load may have been refused at the end of this one.
    return Math.max(rows, 0);
  }

  /** Lines that this load, not an earlier one of the object, rejected. */
  synchronized long rejected() {
    return rejected;
  }

  /** Bytes of the object, as stored in S3, that are read by now. */
  synchronized long bytes() {
    return source == null ? 0 : skipped + source.count();
  }

  /** Lines of the object that are rows, or on their way to be: of this load and earlier ones. */
  public synchronized long getGoodLines() {
    return claim.rows() + rows;
  }

  /** Whether reading on is pointless, since too many lines are rejected already. */
  synchronized boolean isPastLimit() {
    return limit.isPassedBy(claim.rejected() + rejected);
  }

  /** Ends as failed, for all lines that were read, if too many of them are rejected. */
  synchronized void applyLimit() {
    long allRejected = claim.rejected() + rejected;
    if (limit.isPassedBy(allRejected, getGoodLines())) {
      refuse(limit.passedMessage(allRejected, getGoodLines()));
    }
  }

  /** Whether its rows are to be on show at the end; else none of them stay. */
  public synchronized boolean isShown() {
    return ending == Ending.LOADED;
  }

  /** Whether it ends as failed, for a person to look at. */
  public synchronized boolean isRefused() {
    return ending.state().equals("failed");
  }

  /** Whether so many rejected lines more, in place of rows, are too many. */
  public synchronized boolean isPastLimitWith(long more) {
    return limit.isPassedBy(claim.rejected() + rejected + more, getGoodLines() - more);
  }

  /**
   * Notes that PostgreSQL refuses rows that were held back until the end, so that they are rejected
   * lines now; ends as failed if these are too many.
   */
  public synchronized void refused(long lines) {
    rows -= lines;
    rejected += lines;
    applyLimit();
  }

  /** Ends as failed, without rows, unless it ends otherwise than loaded anyway. */
  synchronized void refuse(String why) {
    if (ending == Ending.LOADED) {
      ending = new Ending("failed", why);
      // Lines of it may be committed already.
      replacing = true;
    }
  }

  /** Opens this load's part of a new batch. */
  public synchronized Part part() {
    return new Part(covered);
  }

  /**
   * What lies behind the last line that went into a batch: blank and filtered lines.
   *
   * @throws ReadException if the object cannot be read to its end
   * @throws IllegalStateException if the route did not do so
   */
  synchronized Progress rest() {
    checkWhole();
    if (end == null) {
      throw new IllegalStateException("the route did not read the object to its end");
    }
    return new Progress(
        claim, covered, end, 0, List.of(), blanks - coveredBlanks, ordinals - coveredOrdinal);
  }

  /**
   * Lets the reading thread and the waiting one fail with this cause, unless the load has failed
   * already.
   */
  synchronized void fail(RuntimeException cause) {
    if (failure == null) {
      failure = cause;
    }
    notifyAll();
  }

  /** Whether going on is pointless: a batch has failed or the load was told to stop. */
  public synchronized boolean isGivenUp() {
    return failure != null;
  }

  /** Whether it was told to stop before anything of it failed. */
  synchronized boolean isStopped() {
    return failure instanceof StoppedException;
  }

  /** Throws if going on is pointless: a batch has failed or the load was told to stop. */
  synchronized void check() {
    if (failure != null) {
      throw failure;
    }
  }

  /** Notes that the rest of the object cannot be read; what was read is to be committed first. */
  synchronized void cutShort(ReadException why) {
    cutShort = why;
  }

  /** Throws if the load would end as loaded, but the rest of the object could not be read. */
  synchronized void checkWhole() {
    if (cutShort != null && ending == Ending.LOADED) {
      throw cutShort;
    }
  }

  /** Waits until no line that was handed over is still on its way; no more may be. */
  void awaitSettled() throws InterruptedException {
    // Outside the lock: it may wait for a writer, who needs it.
    read.run();
    synchronized (this) {
      while (settled < rows + rejected) {
        wait();
      }
    }
  }

  /**
   * The same, for no longer than that.
   *
   * @return whether it is so
   */
  boolean awaitSettled(Duration atMost) throws InterruptedException {
    read.run();
    long deadline = System.nanoTime() + atMost.toNanos();
    synchronized (this) {
      while (settled < rows + rejected) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        wait(left);
      }
      return true;
    }
  }

  /**
   * One load's lines in one batch. It takes all lines from the load's previous part on: those that
   * never reach a batch were blank, filtered or committed before, so that progress is one range.
   * Filled by the thread that reads, settled by the thread that commits.
   */
  public final class Part {
    private final Position from;
    private Position to;
    private long partRows;
    private final List<RejectedLine> partRejected = new ArrayList<>();
    private long partBlanks;
    private long partFiltered;

    private Part(Position from) {
      this.from = from;
      this.to = from;
    }

    public Load load() {
      return Load.this;
    }

    /** Takes lines of which some are rows of the batch, or rejected. */
    public void take(Chunk chunk) {
      long newRows = 0;
      int alreadyRejected = partRejected.size();
      for (int i = 0; i < chunk.size(); i++) {
        Object row = chunk.row(i);
        if (row instanceof RejectedLine why) {
          partRejected.add(why);
        } else if (row != null) {
          newRows++;
        }
      }
      int newRejected = partRejected.size() - alreadyRejected;
      partRows += newRows;
      synchronized (Load.this) {
        rows += newRows;
        rejected += newRejected;
        Line last = chunk.last();
        partFiltered += last.ordinal() - coveredOrdinal - newRows - newRejected;
        partBlanks += last.blanksBefore() - coveredBlanks;
        coveredOrdinal = last.ordinal();
        coveredBlanks = last.blanksBefore();
        covered = new Position(last.number(), last.endByte());
        to = covered;
      }
    }

    /**
     * What the ledger has to know of this part.
     *
     * @param refused lines that were taken as rows, but are rejected by PostgreSQL
     */
    public Progress progress(List<RejectedLine> refused) {
      return new Progress(
          claim,
          from,
          to,
          partRows - refused.size(),
          Stream.concat(partRejected.stream(), refused.stream()).toList(),
          partBlanks,
          partFiltered);
    }

    /**
     * Tells the load that these lines are in the database.
     *
     * @param refused how many of them that were taken as rows are rejected
     */
    public void committed(int refused) {
      synchronized (Load.this) {
        rows -= refused;
        rejected += refused;
      }
      settle();
    }

    /** Tells the load that these lines are not in the database and that it has failed. */
    public void failed(RuntimeException cause) {
      fail(cause);
      settle();
    }

    private void settle() {
      synchronized (Load.this) {
        settled += partRows + partRejected.size();
        Load.this.notifyAll();
      }
    }
  }
}
