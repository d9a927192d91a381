package io.sekisho.lab.kubernetes;

import io.sekisho.agent.host.NetworkConfiguration;
import io.sekisho.api.v1.Endpoint;
import io.sekisho.api.v1.EndpointsGrpc;
import io.sekisho.api.v1.ListEndpointsRequest;
import io.sekisho.lab.AgentClient;
import io.sekisho.lab.Await;
import io.sekisho.lab.Command;
import io.sekisho.lab.LabException;
import io.sekisho.lab.Programs;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real node: containerd and kubelet in a network namespace, with our agent and CNI plugin. */
final class RealNode {
  static final Duration PATIENCE = Duration.ofSeconds(120);

  private final ControlPlane cluster;
  private final Programs programs;
  private final Path kubeconfig;
  private final String namespace;
  private final String name;
  private final String address;
  private Process agent;

  RealNode(
      ControlPlane cluster,
      Programs programs,
      Path kubeconfig,
      String namespace,
      String name,
      String address) {
    this.cluster = cluster;
    this.programs = programs;
    this.kubeconfig = kubeconfig;
    this.namespace = namespace;
    this.name = name;
    this.address = address;
  }

  String name() {
    return name;
  }

  String address() {
    return address;
  }

  /** The cgroup of version 2 that holds the node's pods, made when it joined. */
  private Path cgroup() {
    Path all = Path.of("/sys/fs/cgroup");
    Path tree = Files.exists(all.resolve("cgroup.controllers")) ? all : all.resolve("unified");
    try {
      return tree.resolve(Files.readString(folder().resolve("cgroup")).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts kube-proxy beside us. */
  void startProxy() {
    cluster.scriptInside(
        Command.entering(namespace), "proxy.bash", cluster.folder().toString(), name);
  }

  private Path folder() {
    return cluster.folder().resolve("nodes").resolve(name);
  }

  /** Where the agent's sockets are. */
  private Path run() {
    return folder().resolve("run");
  }

  Path log() {
    return cluster.folder().resolve("agent-" + name + ".log");
  }

  /** Joins the cluster; the node is not ready yet: there is no network. */
  void join() {
    Path plugins = cluster.folder().resolve("plugins-" + name);
    try {
      Files.createDirectory(plugins);
      Files.createSymbolicLink(plugins.resolve("sekisho"), programs.cni());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cluster.scriptInside(
        Command.entering(namespace),
        "node.bash",
        cluster.folder().toString(),
        name,
        address,
        plugins.toString());
  }

  /** Starts the agent and waits until it serves. */
  void startAgent() {
    try {
      Files.createDirectories(run());
      Files.createDirectories(folder().resolve("agent"));
      Files.writeString(folder().resolve("agent.yaml"), configuration());
      var words = new ArrayList<>(Command.entering(namespace));
      words.addAll(
          List.of(
              programs.agent().toString(),
              "run",
              "--config",
              folder().resolve("agent.yaml").toString()));
      var builder = new ProcessBuilder(words).redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
      builder.environment().put("SEKISHO_JAVA", programs.java().toString());
      agent = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Await.until(PATIENCE, () -> "the agent is not healthy: " + tail(), this::isHealthy);
  }

  private boolean isHealthy() {
    if (!agent.isAlive()) {
      throw new AssertionError("the agent ended: " + tail());
    }
    try (AgentClient client = new AgentClient(run().resolve("agent.sock"))) {
      return client.healthy();
    } catch (LabException e) {
      return false;
    }
  }

  private String configuration() {
    return """
        node: {name: %s, cluster: test}
        underlay: {device: uplink, addresses: [%s]}
        store: {type: kubernetes}
        kubernetes: {kubeconfig: %s}
        services: {cgroup: %s}
        dirs: {run: %s, state: %s, bpf: /sys/fs/bpf/%s}
        flows: {capacity: 4096}
        """
        .formatted(
            name, address, kubeconfig, cgroup(), run(), folder().resolve("agent"), namespace);
  }

  boolean isConfigured() {
    return Files.exists(folder().resolve("agent.yaml"));
  }

  /** Puts the CNI configuration where containerd looks, as an installer would: whole or not. */
  void configureCni() {
    String text = new NetworkConfiguration(run().resolve("cni.sock"), true).text();
    try {
      // in the same folder: containerd takes no notice of files that come from elsewhere
      Path beside = folder().resolve("cni/10-sekisho.conflist.tmp");
      Files.writeString(beside, text);
      Files.move(
          beside, folder().resolve("cni/10-sekisho.conflist"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes agent and CNI configuration away; what the command said. */
  String uninstall() {
    endAgent(false);
    var words =
        List.of(
            programs.agent().toString(),
            "uninstall",
            "--config",
            folder().resolve("agent.yaml").toString(),
            "--cni-config",
            folder().resolve("cni/10-sekisho.conflist").toString());
    String said =
        new Command(words, "", Map.of("SEKISHO_JAVA", programs.java().toString()))
            .inside(namespace)
            .run()
            .output();
    try {
      Files.deleteIfExists(Path.of("/sys/fs/bpf", namespace));
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the agent as a crash would, or as an upgrade does. */
  void endAgent(boolean forcibly) {
    if (agent == null) {
      return;
    }
    if (forcibly) {
      agent.destroyForcibly();
    } else {
      agent.destroy();
    }
    try {
      if (!agent.waitFor(60, TimeUnit.SECONDS)) {
        agent.destroyForcibly();
        throw new AssertionError("the agent does not end: " + tail());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Resident memory of the agent, bytes. */
  long residentBytes() {
    try {
      String status = Files.readString(Path.of("/proc/" + agent.pid() + "/status"));
      String line = status.lines().filter(l -> l.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The agent's command line, such as {@code endpoints -o json}; what it printed. */
  String ask(String... arguments) {
    return asking(arguments).run().output();
  }

  /** What its {@code status} prints, also of nodes in trouble. */
  String status() {
    return asking("status").tryRun().output();
  }

  private Command asking(String... arguments) {
    var words = new ArrayList<>(List.of(programs.agent().toString()));
    words.addAll(List.of(arguments));
    words.addAll(List.of("--socket", run().resolve("agent.sock").toString()));
    return new Command(words, "", Map.of("SEKISHO_JAVA", programs.java().toString()));
  }

  /** The endpoints of all nodes as this one's agent knows them. */
  List<Endpoint> endpoints() {
    try (AgentClient client = new AgentClient(run().resolve("agent.sock"))) {
      return EndpointsGrpc.newBlockingStub(client.channel())
          .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
          .list(ListEndpointsRequest.getDefaultInstance())
          .getEndpointsList();
    }
  }

  /** Whether the agent knows an endpoint of a pod, on whatever node. */
  boolean knows(String pod) {
    return endpoints().stream().anyMatch(endpoint -> endpoint.getPod().equals(pod));
  }

  /** Drops that the agent tells, one line each, of those that more options of monitor name. */
  String drops(String... options) {
    var words = new ArrayList<>(List.of("monitor", "--verdict", "dropped"));
    words.addAll(List.of(options));
    return ask(words.toArray(String[]::new));
  }

  /** A command in the node's network namespace; what it printed. */
  String inside(String... words) {
    return Command.of(words).inside(namespace).run().output();
  }

  private String tail() {
    try {
      List<String> lines = Files.readAllLines(log());
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
