package io.github.camelingest.torture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelingest.it.FaultProxy;
import io.github.camelingest.it.FaultProxy.Request;
import io.github.camelingest.it.Space;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.springframework.dao.DataAccessException;
import software.amazon.awssdk.eventnotifications.s3.model.S3EventNotification;

/**
 * Watches a promise at every message: it is deleted only once its objects stand in the ledger.
 * Listens to the queue, and when somebody deletes a message whose object is still in the bucket,
 * the ledger must have that object. Thread-safe.
 */
final class Deletions implements FaultProxy.Listener {

  private record Version(String key, String etag) {}

  private final ObjectMapper json = new ObjectMapper();
  private final Map<String, List<Version>> received = new ConcurrentHashMap<>();
  private final Space space;
  private final Corpus corpus;
  private final Complaints complaints;
  private final Tally tally;

  Deletions(Space space, Corpus corpus, Complaints complaints, Tally tally) {
    this.space = space;
    this.corpus = corpus;
    this.complaints = complaints;
    this.tally = tally;
  }

  @Override
  public void answered(Request request, byte[] body) {
    if (request.isSqs("ReceiveMessage")) {
      for (JsonNode message : tree(body).path("Messages")) {
        received.put(
            message.path("ReceiptHandle").asText(), versions(message.path("Body").asText()));
      }
    }
  }

  private static List<Version> versions(String event) {
    return Stream.ofNullable(S3EventNotification.fromJson(event).getRecords())
        .flatMap(List::stream)
        .map(r -> r.getS3().getObject())
        .map(object -> new Version(object.getUrlDecodedKey(), object.getETag()))
        .toList();
  }

  @Override
  public void asked(Request request, byte[] body) {
    if (request.isSqs("DeleteMessageBatch")) {
      for (JsonNode entry : tree(body).path("Entries")) {
        received.getOrDefault(entry.path("ReceiptHandle").asText(), List.of()).forEach(this::check);
      }
    }
  }

  private void check(Version version) {
    if (!corpus.isCurrent(version.key(), version.etag())) {
      return;
    }
    try {
      boolean known =
          space
              .sql()
              .sql("select exists (select from ingest.object where key = ? and etag = ?)")
              .params(version.key(), version.etag())
              .query(Boolean.class)
              .single();
      tally.count("deletions of messages checked");
      if (!known && corpus.isCurrent(version.key(), version.etag())) {
        complaints.add(
            "a message was deleted before its object stood in the ledger: the one of "
                + version.key());
      }
    } catch (DataAccessException e) {
      tally.count("deletions of messages not checked, the database is away");
    }
  }

  private JsonNode tree(byte[] body) {
    try {
      return json.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
