package io.github.camelingest.bench;

import com.github.luben.zstd.ZstdOutputStream;
import io.github.camelingest.local.SampleData;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/**
 * Files to load, and what is in them.
 *
 * @param files one object each
 * @param rows lines that become rows
 * @param words of all notes of these
 * @param rests of these, how many have fields without a column
 * @param rejected lines that are rejected, by reason
 */
record Input(List<Path> files, long rows, long words, long rests, Map<String, Long> rejected) {

  /** What is special about lines. */
  enum Kind {
    PLAIN,
    /** 3 % of the lines are broken, in thirty ways. */
    DIRTY,
    /** Ten more fields. */
    WIDE
  }

  private static final int DIRTY_PERCENT = 3;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final String NOTE = "\"engineer_note\": \"";
  private static final String MORE =
      ", \"region\": \"north-west\", \"vehicle\": \"VAN17\", \"crew\": 3, \"weather\": {\"sky\": \"rain\","
          + " \"celsius\": 7.5}, \"parts\": [\"F-100\", \"F-220\", \"C-9\"], \"overtime\": false,"
          + " \"km\": 41.25, \"dispatcher\": \"D. Example\", \"shift\": \"late\","
          + " \"remark\": \"gate was locked, came back at noon\"}";

  /** All lines, whatever becomes of them. */
  long lines() {
    return rows + rejected.values().stream().mapToLong(Long::longValue).sum();
  }

  private interface Compression {
    OutputStream over(OutputStream file) throws IOException;
  }

  static Input plain(Path file, long lines) throws IOException {
    return write(List.of(file), lines, Long.MAX_VALUE, Kind.PLAIN, out -> out);
  }

  static Input gzip(Path file, long lines) throws IOException {
    return write(List.of(file), lines, Long.MAX_VALUE, Kind.PLAIN, GZIPOutputStream::new);
  }

  static Input zstd(Path file, long lines) throws IOException {
    return write(List.of(file), lines, Long.MAX_VALUE, Kind.PLAIN, ZstdOutputStream::new);
  }

  static Input dirty(Path file, long lines) throws IOException {
    return write(List.of(file), lines, Long.MAX_VALUE, Kind.DIRTY, out -> out);
  }

  static Input wide(Path file, long lines) throws IOException {
    return write(List.of(file), lines, Long.MAX_VALUE, Kind.WIDE, out -> out);
  }

  /** One file of at least so many bytes. */
  static Input big(Path file, long bytes) throws IOException {
    return write(List.of(file), Long.MAX_VALUE, bytes, Kind.PLAIN, out -> out);
  }

  /** The lines in so many files. */
  static Input parts(Path folder, int count, long lines) throws IOException {
    Files.createDirectories(folder);
    List<Path> files = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      files.add(folder.resolve("%05d.jsonl".formatted(n)));
    }
    return write(files, lines, Long.MAX_VALUE, Kind.PLAIN, out -> out);
  }

  /** Nothing of it is ever in memory as a whole. */
  private static Input write(
      List<Path> files, long lines, long bytes, Kind kind, Compression compression)
      throws IOException {
    SampleData data = new SampleData(1);
    long rows = 0;
    long words = 0;
    long written = 0;
    int broken = 0;
    Map<String, Long> rejected = new TreeMap<>();
    long line = 0;
    for (int n = 0; n < files.size(); n++) {
      // The lines of this file end where its share of all of them does.
      long end = lines == Long.MAX_VALUE ? lines : lines * (n + 1) / files.size();
      try (OutputStream out =
          new BufferedOutputStream(
              compression.over(
                  new BufferedOutputStream(Files.newOutputStream(files.get(n)), BUFFER_BYTES)),
              BUFFER_BYTES)) {
        for (; line < end && written < bytes; line++) {
          String visit = data.visit();
          byte[] content;
          if (kind == Kind.DIRTY && line * DIRTY_PERCENT / 100 < (line + 1) * DIRTY_PERCENT / 100) {
            BrokenLines.Way way = BrokenLines.WAYS.get(broken++ % BrokenLines.WAYS.size());
            content = way.of(visit);
            rejected.merge(way.reason(), 1L, Long::sum);
          } else {
            rows++;
            words += words(visit);
            String whole =
                kind == Kind.WIDE ? visit.substring(0, visit.length() - 1) + MORE : visit;
            content = whole.getBytes(StandardCharsets.UTF_8);
          }
          out.write(content);
          out.write('\n');
          written += content.length + 1;
        }
      }
    }
    return new Input(files, rows, words, kind == Kind.WIDE ? rows : 0, rejected);
  }

  private static int words(String visit) {
    int start = visit.indexOf(NOTE) + NOTE.length();
    int words = 1;
    for (int i = start; visit.charAt(i) != '"'; i++) {
      if (visit.charAt(i) == ' ') {
        words++;
      }
    }
    return words;
  }
}
