package io.github.camelingest.doctor;

/**
 * What was found out about one thing that the application needs.
 *
 * @param subject what it is about, such as a dataset, or "queue"
 * @param what a sentence of its own, with what to do where it is not ok
 */
public record Finding(Verdict verdict, String subject, String what) {

  /** How good that is. */
  public enum Verdict {
    OK,
    /** It works, but not as it should, or it is not known. */
    WARNING,
    /** It does not work. */
    FAULT
  }

  static Finding ok(String subject, String what, Object... parts) {
    return new Finding(Verdict.OK, subject, what.formatted(parts));
  }

  static Finding warning(String subject, String what, Object... parts) {
    return new Finding(Verdict.WARNING, subject, what.formatted(parts));
  }

  static Finding fault(String subject, String what, Object... parts) {
    return new Finding(Verdict.FAULT, subject, what.formatted(parts));
  }
}
