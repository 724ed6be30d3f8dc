package io.github.camelingest.peer;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.file.src.reader.TextLineInputFormat;
import org.apache.flink.connector.jdbc.JdbcConnectionOptions;
import org.apache.flink.connector.jdbc.JdbcExecutionOptions;
import org.apache.flink.connector.jdbc.JdbcStatementBuilder;
import org.apache.flink.connector.jdbc.core.datastream.sink.JdbcSink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A Flink job that reads a file of visits and upserts them. It is ready when its tasks run, so the
 * start of the cluster is not measured.
 *
 * <ul>
 *   <li>{@code simple}: as Flink's documentation writes it, batches of 1,000 at most every 200 ms
 *   <li>{@code tuned}: batches of 5,000, which the driver rewrites into statements of many rows;
 *       objects are reused
 *   <li>{@code words}: one row per word of a note, as the earlier system had it; else simple
 * </ul>
 */
public final class FlinkJob {

  private static final int PARALLELISM = 2;
  private static final CountDownLatch RUNNING = new CountDownLatch(PARALLELISM);
  private static final CountDownLatch BEGUN = new CountDownLatch(1);

  private static final String INSERT_WORD =
      "insert into bench.visits (task_id, node_id, visit_id, visit_date, original_reported_date,"
          + " node_age, node_type, task_type, engineer_skill_level, engineer_note, outcome)"
          + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private FlinkJob() {}

  /** One word of a visit. */
  public static final class Word implements Serializable {
    private static final long serialVersionUID = 1L;
    public Visit visit;
    public int token;
  }

  public static void main(String[] arguments) throws Exception {
    String kind = arguments[0];
    boolean tuned = kind.equals("tuned");
    StreamExecutionEnvironment flink =
        StreamExecutionEnvironment.createLocalEnvironment(PARALLELISM);
    if (tuned) {
      flink.getConfig().enableObjectReuse();
    }
    FileSource<String> source =
        FileSource.forRecordStreamFormat(new TextLineInputFormat(), new Path(arguments[1])).build();
    DataStream<Visit> visits =
        flink
            .fromSource(source, WatermarkStrategy.noWatermarks(), "file")
            .map(new Parse())
            .returns(TypeInformation.of(Visit.class));
    JdbcExecutionOptions options =
        tuned
            ? JdbcExecutionOptions.builder().withBatchSize(5_000).withBatchIntervalMs(0).build()
            : JdbcExecutionOptions.builder()
                .withBatchSize(1_000)
                .withBatchIntervalMs(200)
                .withMaxRetries(5)
                .build();
    if (kind.equals("words")) {
      visits
          .flatMap(
              (Visit visit, org.apache.flink.util.Collector<Word> out) -> {
                for (int token : visit.noteTokens) {
                  Word word = new Word();
                  word.visit = visit;
                  word.token = token;
                  out.collect(word);
                }
              })
          .returns(TypeInformation.of(Word.class))
          .sinkTo(sink(INSERT_WORD, FlinkJob::bind, options, false));
    } else {
      visits.sinkTo(sink(Visit.UPSERT, FlinkJob::bind, options, tuned));
    }
    Thread talk = new Thread(FlinkJob::talk);
    talk.setDaemon(true);
    talk.start();
    flink.execute("visits");
    Peer.done();
  }

  private static void talk() {
    try {
      RUNNING.await();
      Peer.ready();
      BEGUN.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Parse extends RichMapFunction<String, Visit> {
    private static final long serialVersionUID = 1L;

    @Override
    public void open(OpenContext context) throws InterruptedException {
      RUNNING.countDown();
      BEGUN.await();
    }

    @Override
    public Visit map(String line) throws IOException {
      return Visit.parse(line);
    }
  }

  private static <T> JdbcSink<T> sink(
      String sql, JdbcStatementBuilder<T> binding, JdbcExecutionOptions options, boolean rewrite) {
    return JdbcSink.<T>builder()
        .withQueryStatement(sql, binding)
        .withExecutionOptions(options)
        .buildAtLeastOnce(
            new JdbcConnectionOptions.JdbcConnectionOptionsBuilder()
                .withUrl(Peer.url() + (rewrite ? "?reWriteBatchedInserts=true" : ""))
                .withDriverName("org.postgresql.Driver")
                .withUsername(Peer.user())
                .withPassword(Peer.password())
                .build());
  }

  private static void bind(PreparedStatement row, Visit visit) throws SQLException {
    row.setInt(1, visit.taskId);
    row.setInt(2, visit.visitNo);
    row.setInt(3, visit.nodeId);
    row.setTimestamp(4, visit.visitDate);
    row.setTimestamp(5, visit.originalReportedDate);
    row.setInt(6, visit.nodeAge);
    row.setInt(7, visit.nodeType);
    row.setInt(8, visit.taskType);
    row.setInt(9, visit.skillLevel);
    row.setString(10, visit.outcome);
    row.setObject(11, visit.noteTokens);
  }

  private static void bind(PreparedStatement row, Word word) throws SQLException {
    Visit visit = word.visit;
    row.setInt(1, visit.taskId);
    row.setInt(2, visit.nodeId);
    row.setInt(3, visit.visitNo);
    row.setTimestamp(4, visit.visitDate);
    row.setTimestamp(5, visit.originalReportedDate);
    row.setInt(6, visit.nodeAge);
    row.setInt(7, visit.nodeType);
    row.setInt(8, visit.taskType);
    row.setInt(9, visit.skillLevel);
    row.setInt(10, word.token);
    row.setString(11, visit.outcome);
  }
}
