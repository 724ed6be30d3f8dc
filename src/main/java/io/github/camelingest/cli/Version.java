package io.github.camelingest.cli;

import io.github.camelingest.app.Build;
import picocli.CommandLine.IVersionProvider;

/** The versions of this build, with the commit it was made of where that is known, and of Camel. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    Build build = Build.read();
    return new String[] {
      "camel-ingest %s (%sCamel %s)"
          .formatted(
              build.version(),
              build.commit().isEmpty() ? "" : "commit " + build.commit() + ", ",
              build.camel())
    };
  }
}
