package io.github.camelingest.doctor;

import java.time.Duration;
import java.time.Instant;

/** A server's clock beside ours. */
final class Clock {

  /** More than an answer takes. */
  private static final Duration TOLERABLE = Duration.ofSeconds(5);

  private Clock() {}

  /**
   * @param theirs what the server said
   * @param ours when that was
   */
  static Finding compare(String server, Instant theirs, Instant ours) {
    Duration ahead = Duration.between(ours, theirs);
    if (ahead.abs().compareTo(TOLERABLE) <= 0) {
      return Finding.ok("clock", "that of %s agrees with ours", server);
    }
    return Finding.warning(
        "clock",
        "that of %s is %d s %s ours; set this machine's by NTP: from a difference of 15 minutes on AWS takes no request",
        server,
        ahead.abs().toSeconds(),
        ahead.isNegative() ? "behind" : "ahead of");
  }
}
