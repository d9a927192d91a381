package io.sekisho.cli;

import io.sekisho.agent.apiserver.Administration;
import io.sekisho.agent.config.AgentConfig;
import io.sekisho.agent.config.ConfigException;
import io.sekisho.agent.config.ConfigReader;
import io.sekisho.agent.datapath.DatapathException;
import io.sekisho.agent.datapath.KernelDatapath;
import io.sekisho.agent.host.FileTree;
import io.sekisho.agent.install.Checks;
import io.sekisho.agent.install.Installation;
import io.sekisho.agent.install.Removal;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes Sekisho away: from this node when its agent has ended for good, or from a cluster. */
@Command(
    name = "uninstall",
    mixinStandardHelpOptions = true,
    description = {
      "Take Sekisho off this node (--config), or out of a Kubernetes cluster and off its nodes.",
      "Of a node go programs, maps, interfaces of pods and routes; its agent must have ended.",
      "Pods that still run lose their network."
    })
final class UninstallCommand implements Runnable {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The agent's configuration, YAML: only this node.")
  private @Nullable Path config;

  @Option(
      names = "--purge",
      description = "Of this node also the CNI plugin and the agent's folders.")
  private boolean purge;

  @Option(names = "--wait", description = "Wait for the node's agent to end.")
  private boolean wait;

  @Option(names = "--yes", description = "Of a cluster, also if pods lose their network.")
  private boolean yes;

  @Option(
      names = "--policies",
      description = "Of a cluster also the kinds of policies, and so every policy.")
  private boolean policies;

  @Mixin private HostPlaces places;
  @Mixin private ClusterOptions cluster;
  @Mixin private ClusterManifests manifests;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    if (config == null) {
      fromCluster();
    } else if (cluster.given()) {
      throw new CliException(
          CliException.Code.USAGE, "--config is for this node, --kubeconfig for a whole cluster");
    } else {
      Logs.configure();
      fromNode(config);
    }
  }

  private void fromCluster() {
    var objects = manifests.read();
    String namespace = Installation.namespace(objects);
    try (Administration api = cluster.open()) {
      Checks.removal(api, namespace)
          .ifPresent(
              finding -> {
                throw new CliException(
                    CliException.Code.REFUSED, finding.sentence() + "; nothing was changed");
              });
      var removal = new Removal(api, namespace, cluster.patience(), this::say);
      long pods = removal.podsWithNetwork();
      if (pods > 0 && !yes) {
        throw new CliException(
            CliException.Code.REFUSED,
            Texts.plural(pods, "pod") + " would lose their network; --yes says that this is meant");
      }
      removal.cleanNodes();
      removal.removeObjects(objects, policies);
    }
  }

  private void fromNode(Path file) {
    try {
      AgentConfig read = ConfigReader.read(file);
      requireEnded(read.dirs().agentSocket());
      Files.deleteIfExists(places.configuration());
      KernelDatapath.uninstall(read.node().name(), read.dirs().bpf(), read.underlay().device());
      if (purge) {
        places.placement().remove();
        purge(read.dirs());
      }
      say("node " + read.node().name() + ": nothing of it is left in the kernel");
    } catch (ConfigException e) {
      throw new CliException(CliException.Code.USAGE, String.valueOf(e.getMessage()), e);
    } catch (IOException | DatapathException e) {
      throw new CliException(
          CliException.Code.REFUSED, "not everything is removed: " + e.getMessage(), e);
    }
  }

  private static void purge(AgentConfig.Dirs dirs) throws IOException {
    FileTree.delete(dirs.run());
    FileTree.delete(dirs.state());
    FileTree.deleteEmpty(dirs.bpf());
  }

  private void requireEnded(Path socket) {
    while (isServed(socket)) {
      if (!wait) {
        throw new CliException(
            CliException.Code.REFUSED, "the agent at " + socket + " runs: end it first");
      }
      try {
        Thread.sleep(200);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CliException(CliException.Code.REFUSED, "interrupted", e);
      }
    }
  }

  private static boolean isServed(Path socket) {
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      return false; // nobody listens
    }
  }

  private void say(String sentence) {
    spec.commandLine().getOut().println(sentence);
    spec.commandLine().getOut().flush();
  }
}
