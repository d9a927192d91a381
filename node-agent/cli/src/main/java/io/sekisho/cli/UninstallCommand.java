package io.sekisho.cli;

import io.sekisho.agent.config.AgentConfig;
import io.sekisho.agent.config.ConfigException;
import io.sekisho.agent.config.ConfigReader;
import io.sekisho.agent.datapath.DatapathException;
import io.sekisho.agent.datapath.KernelDatapath;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Removes a node's dataplane from the kernel when its agent has ended for good. */
@Command(
    name = "uninstall",
    mixinStandardHelpOptions = true,
    description = {
      "Remove this node's dataplane: programs, maps, interfaces of pods, routes.",
      "Pods that still run lose their network. The agent must have ended."
    })
final class UninstallCommand implements Runnable {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "The agent's configuration, YAML.")
  private Path config;

  @Option(
      names = "--cni-config",
      paramLabel = "FILE",
      description = "Remove this CNI configuration first, so that no new pods come.")
  private @Nullable Path cniConfig;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    Logs.configure();
    try {
      AgentConfig read = ConfigReader.read(config);
      requireEnded(read.dirs().agentSocket());
      if (cniConfig != null) {
        Files.deleteIfExists(cniConfig);
      }
      KernelDatapath.uninstall(read.node().name(), read.dirs().bpf(), read.underlay().device());
      var out = spec.commandLine().getOut();
      out.println("node " + read.node().name() + ": nothing of it is left in the kernel");
      out.flush();
    } catch (ConfigException e) {
      throw new CliException(CliException.Code.USAGE, String.valueOf(e.getMessage()), e);
    } catch (IOException | DatapathException e) {
      throw new CliException(
          CliException.Code.REFUSED, "not everything is removed: " + e.getMessage(), e);
    }
  }

  private static void requireEnded(Path socket) {
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      if (channel.connect(UnixDomainSocketAddress.of(socket))) {
        throw new CliException(
            CliException.Code.REFUSED, "the agent at " + socket + " runs: end it first");
      }
    } catch (IOException e) {
      // nobody listens
    }
  }
}
