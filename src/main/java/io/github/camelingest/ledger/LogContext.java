package io.github.camelingest.ledger;

import org.slf4j.MDC;

/** What a thread works for, as its lines in the log say it (SLF4J's MDC). Thread-safe. */
public final class LogContext {

  public static final String DATASET = "dataset";
  public static final String OBJECT = "object";

  private LogContext() {}

  /** Does work for one object on this thread. */
  public static void of(S3Object object, Runnable work) {
    of(object.dataset(), object.location(), work);
  }

  /**
   * Does work for several objects of a dataset on this thread.
   *
   * @param dataset null where it is for none
   */
  public static void of(String dataset, Runnable work) {
    of(dataset, null, work);
  }

  private static void of(String dataset, String object, Runnable work) {
    String datasetBefore = MDC.get(DATASET);
    String objectBefore = MDC.get(OBJECT);
    put(DATASET, dataset);
    put(OBJECT, object);
    try {
      work.run();
    } finally {
      put(DATASET, datasetBefore);
      put(OBJECT, objectBefore);
    }
  }

  private static void put(String key, String value) {
    if (value == null) {
      MDC.remove(key);
    } else {
      MDC.put(key, value);
    }
  }
}
