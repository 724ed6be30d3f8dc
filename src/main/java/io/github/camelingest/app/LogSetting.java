package io.github.camelingest.app;

import ch.qos.logback.core.PropertyDefinerBase;

/**
 * A setting of the log, for {@code logback.xml}: it is read when the first line is about to be
 * logged. Where settings are wrong it is the default, and the command says what is wrong.
 */
public final class LogSetting extends PropertyDefinerBase {

  private String key;

  /**
   * @param key {@code ingest.log-level} or {@code ingest.log-format}
   */
  public void setKey(String key) {
    this.key = key;
  }

  @Override
  public String getPropertyValue() {
    try {
      Settings settings = Settings.load();
      return key.equals("ingest.log-level") ? settings.logLevel() : settings.logFormat();
    } catch (SetupException e) {
      return Settings.DEFAULTS.get(key);
    }
  }
}
