package io.github.camelingest.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What this build is made of.
 *
 * @param commit empty where it was built without git
 * @param camel the version of Camel
 */
public record Build(String version, String commit, String camel) {

  public static Build read() {
    Properties versions = new Properties();
    try (InputStream in = Build.class.getResourceAsStream("/version.properties")) {
      versions.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String commit = versions.getProperty("commit");
    return new Build(
        versions.getProperty("version"),
        // Built without git, nobody has filled it in.
        commit.startsWith("$") ? "" : commit,
        versions.getProperty("camel"));
  }
}
