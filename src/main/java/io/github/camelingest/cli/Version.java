package io.github.camelingest.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The versions of this build, with the commit it was made of where that is known, and of Camel. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() throws IOException {
    Properties versions = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("/version.properties")) {
      versions.load(in);
    }
    String commit = versions.getProperty("commit");
    return new String[] {
      "camel-ingest %s (%sCamel %s)"
          .formatted(
              versions.getProperty("version"),
              // Built without git, nobody has filled it in.
              commit.isEmpty() || commit.startsWith("$") ? "" : "commit " + commit + ", ",
              versions.getProperty("camel"))
    };
  }
}
