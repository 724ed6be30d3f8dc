package io.github.camelingest;

import io.github.camelingest.cli.CommandLineInterface;

/** Starts the command line. */
public final class CamelIngest {

  private CamelIngest() {}

  public static void main(String[] arguments) {
    System.exit(CommandLineInterface.execute(arguments));
  }
}
