package io.github.camelingest.load;

import io.github.camelingest.compression.ContentException;
import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultMessage;

/**
 * What a route splits: the lines of the object that its body, a {@link Load}, has opened. Each
 * message has the bytes of a line as body, none of a flawed one, and the {@link Line} as header
 * {@value #HEADER}. Blank lines and lines that are committed already are left out; numbers never
 * shift. Thread-safe; each iterator belongs to one thread.
 */
public final class Lines {

  /** Header of each line's message. */
  public static final String HEADER = "IngestLine";

  private static final byte[] NOTHING = new byte[0];

  private final int maxLineBytes;

  /**
   * @param maxLineBytes longest line that becomes a row; a longer one is rejected without being
   *     held
   */
  public Lines(int maxLineBytes) {
    this.maxLineBytes = maxLineBytes;
  }

  /** All lines that have content. */
  public Iterator<Message> all(Exchange exchange) {
    return new LineMessages(exchange, false);
  }

  /**
   * All lines that have content and are not comments: a line whose first character, behind blanks,
   * is {@code #} counts as blank.
   */
  public Iterator<Message> uncommented(Exchange exchange) {
    return new LineMessages(exchange, true);
  }

  /**
   * Reads one line ahead, since the splitter asks for the next line before it works on this one.
   */
  private final class LineMessages implements Iterator<Message> {
    private final CamelContext context;
    private final Load load;
    private final LineReader reader;
    private Line ahead;
    private boolean ended;

    LineMessages(Exchange exchange, boolean comments) {
      this.context = exchange.getContext();
      this.load = exchange.getMessage().getBody(Load.class);
      this.reader =
          new LineReader(
              load.content(),
              load.claim().start(),
              maxLineBytes,
              comments,
              load.claim().committed());
    }

    @Override
    public boolean hasNext() {
      if (ahead == null && !ended) {
        ahead = read();
        ended = ahead == null;
      }
      return ahead != null;
    }

    @Override
    public Message next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      // The line before this one may have failed since this one was read.
      check();
      Message message = new DefaultMessage(context);
      // What is left of a flawed line could happen to be good JSON; nothing at all never is.
      message.setBody(ahead.flaw() == null ? ahead.bytes() : NOTHING);
      message.setHeader(HEADER, ahead);
      ahead = null;
      return message;
    }

    /** The splitter asks again after a failure; it must not get the rest of the object. */
    private void check() {
      try {
        load.check();
      } catch (RuntimeException e) {
        ended = true;
        ahead = null;
        throw e;
      }
    }

    private Line read() {
      check();
      if (load.isPastLimit()) {
        return null;
      }
      try {
        Line line = reader.next();
        if (line == null) {
          load.read(reader.position(), reader.ordinal(), reader.blanks());
        }
        return line;
      } catch (ContentException e) {
        // The lines before it go on their way, the one ahead among them.
        load.cutShort(new ReadException(e.messageBehind(reader.position().lines()), e));
        return null;
      } catch (IOException e) {
        ended = true;
        throw new ReadException(
            "reading stopped behind line %d: %s"
                .formatted(reader.position().lines(), e.getMessage()),
            e);
      }
    }
  }
}
