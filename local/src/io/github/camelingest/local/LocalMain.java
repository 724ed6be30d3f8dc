package io.github.camelingest.local;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs the local stack until SIGTERM. Prints one {@code export} line for each setting when all
 * servers answer.
 */
@Command(
    name = "local",
    description = "S3, SQS and PostgreSQL on loopback. Prints the settings to reach them.",
    mixinStandardHelpOptions = true)
public final class LocalMain implements Callable<Integer> {

  @Option(names = "--data", required = true, description = "The folder for all its data.")
  private Path data;

  @Option(
      names = "--name",
      defaultValue = "ingest",
      description = "Bucket, queue and database (${DEFAULT-VALUE}).")
  private String name;

  @Option(names = "--s3-port", defaultValue = "0", description = "Port of S3; 0 is a free one.")
  private int s3Port;

  @Option(names = "--sqs-port", defaultValue = "0", description = "Port of SQS; 0 is a free one.")
  private int sqsPort;

  @Option(
      names = "--db-port",
      defaultValue = "0",
      description = "Port of PostgreSQL; 0 is a free one.")
  private int dbPort;

  @Option(
      names = "--host",
      description =
          "S3 and SQS alone, on every address, for other containers, which reach them by this name.")
  private Optional<String> host;

  private LocalMain() {}

  public static void main(String[] arguments) {
    CommandLine line = new CommandLine(new LocalMain());
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          command.getErr().println("local: " + e.getMessage());
          return 1;
        });
    System.exit(line.execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    LocalStack.Options options = new LocalStack.Options(data, s3Port, sqsPort, dbPort);
    LocalStack stack =
        host.map(name -> LocalStack.startObjects(options, name))
            .orElseGet(() -> LocalStack.start(options));
    Runtime.getRuntime().addShutdownHook(new Thread(stack::close));
    (host.isPresent() ? stack.space(name) : stack.spaceWithRoles(name))
        .forEach((setting, value) -> System.out.printf("export %s='%s'%n", setting, value));
    System.out.flush();
    new CountDownLatch(1).await();
    return 0;
  }
}
