package io.github.camelingest.load;

import io.github.camelingest.ledger.Claim;
import io.github.camelingest.ledger.Progress;
import io.github.camelingest.ledger.RejectedLine;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The work on one object, from claim to loaded; the body of its exchange.
 *
 * <p>One thread reads the object's lines and hands them over to batches; other threads commit the
 * batches. This object is where they meet: it knows how many lines are handed over and how many are
 * settled. Thread-safe.
 */
public final class Load {

  private final Claim claim;
  private InputStream content;

  /** The last line that is in a batch, its ordinal and the blank lines before it. */
  private long coveredLine;

  private long coveredOrdinal;
  private long coveredBlanks;

  /** The same at the end of the object, once that is reached. */
  private boolean readToTheEnd;

  private long lines;

  private long ordinals;
  private long blanks;

  private long rows;
  private long rejected;
  private long settled;
  private String outcome;
  private RuntimeException failure;

  Load(Claim claim) {
    this.claim = claim;
  }

  public Claim claim() {
    return claim;
  }

  /** The object's id in the ledger, for SQL parameters. */
  public long getObjectId() {
    return claim.objectId();
  }

  synchronized void content(InputStream stream) {
    content = stream;
  }

  /** The object's bytes, decompressed. */
  synchronized InputStream content() {
    return content;
  }

  /** Notes the counts at the end of the object. */
  synchronized void read(long allLines, long allOrdinals, long allBlanks) {
    readToTheEnd = true;
    lines = allLines;
    ordinals = allOrdinals;
    blanks = allBlanks;
  }

  synchronized long lines() {
    return lines;
  }

  /** Notes that the ledger has the end of this load, and which. */
  synchronized void ended(String how) {
    outcome = how;
  }

  /** How the load ended, or null where it has not. */
  synchronized String outcome() {
    return outcome;
  }

  /** Lines that this load, not an earlier one of the object, made rows. */
  synchronized long rows() {
    return rows;
  }

  /** Lines that this load, not an earlier one of the object, rejected. */
  synchronized long rejected() {
    return rejected;
  }

  /** Opens this load's part of a new batch. */
  public synchronized Part part() {
    return new Part(coveredLine + 1);
  }

  /**
   * What lies behind the last line that went into a batch: blank and filtered lines.
   *
   * @throws IllegalStateException if the object was not read to its end
   */
  synchronized Progress rest() {
    if (!readToTheEnd) {
      throw new IllegalStateException("the route did not read the object to its end");
    }
    return new Progress(
        claim,
        coveredLine + 1,
        lines,
        0,
        List.of(),
        blanks - coveredBlanks,
        ordinals - coveredOrdinal);
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

  /** Throws if going on is pointless: a batch has failed or the load was told to stop. */
  synchronized void check() {
    if (failure != null) {
      throw failure;
    }
  }

  /** Waits until no line that was handed over is still on its way. */
  synchronized void awaitSettled() throws InterruptedException {
    while (settled < rows + rejected) {
      wait();
    }
  }

  /**
   * One load's lines in one batch. It takes all lines from the load's previous part on: those that
   * never reach a batch were blank, filtered or committed before, so that progress is one range.
   * Filled by the thread that reads, settled by the thread that commits.
   */
  public final class Part {
    private final long fromLine;
    private long toLine;
    private long partRows;
    private final List<RejectedLine> partRejected = new ArrayList<>();
    private long partBlanks;
    private long partFiltered;

    private Part(long fromLine) {
      this.fromLine = fromLine;
    }

    public Load load() {
      return Load.this;
    }

    /** Takes a line that is a row of the batch. */
    public void row(Line line) {
      partRows++;
      synchronized (Load.this) {
        rows++;
        take(line);
      }
    }

    /** Takes a line that is rejected. */
    public void rejected(Line line, RejectedLine why) {
      partRejected.add(why);
      synchronized (Load.this) {
        rejected++;
        take(line);
      }
    }

    private void take(Line line) {
      partFiltered += line.ordinal() - coveredOrdinal - 1;
      partBlanks += line.blanksBefore() - coveredBlanks;
      coveredOrdinal = line.ordinal();
      coveredBlanks = line.blanksBefore();
      coveredLine = line.number();
      toLine = line.number();
    }

    /** What the ledger has to know of this part. */
    public Progress progress() {
      return new Progress(
          claim, fromLine, toLine, partRows, partRejected, partBlanks, partFiltered);
    }

    /** Tells the load that these lines are in the database. */
    public void committed() {
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
