package io.github.camelingest.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The versions of this build and of Camel. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() throws IOException {
    Properties versions = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("/version.properties")) {
      versions.load(in);
    }
    return new String[] {
      "camel-ingest %s (Camel %s)"
          .formatted(versions.getProperty("version"), versions.getProperty("camel"))
    };
  }
}
