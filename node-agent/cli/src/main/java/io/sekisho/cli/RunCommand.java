package io.sekisho.cli;

import io.sekisho.agent.Agent;
import io.sekisho.agent.config.ConfigException;
import io.sekisho.agent.config.ConfigReader;
import io.sekisho.agent.datapath.KernelDatapath;
import io.sekisho.agent.datapath.LinuxKernel;
import java.nio.file.Path;
import java.time.InstantSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the agent until it is told to end (SIGTERM, SIGINT); the kernel goes on as it is. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Run the agent of this node in the foreground.")
final class RunCommand implements Runnable {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "The agent's configuration, YAML.")
  private Path config;

  @Override
  public void run() {
    Logs.configure();
    Agent agent;
    try {
      agent =
          Agent.start(
              ConfigReader.read(config),
              new KernelDatapath(InstantSource.system()),
              new LinuxKernel());
    } catch (ConfigException e) {
      throw new CliException(CliException.Code.USAGE, String.valueOf(e.getMessage()), e);
    } catch (RuntimeException e) {
      throw new CliException(
          CliException.Code.REFUSED, "the agent does not start: " + e.getMessage(), e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(agent::close, "close"));
    try {
      agent.awaitClose();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      agent.close();
    }
  }
}
