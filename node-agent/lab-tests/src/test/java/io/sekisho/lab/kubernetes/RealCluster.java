package io.sekisho.lab.kubernetes;

import io.sekisho.lab.Await;
import io.sekisho.lab.Command;
import io.sekisho.lab.Programs;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A real control plane and real nodes in network namespaces on one bridge, with our agents and CNI
 * plugin. {@link #close} leaves nothing.
 */
final class RealCluster implements AutoCloseable {
  /** Out of 198.51.100.0/24, set apart for examples by RFC 5737. */
  private static final String SUBNET = "198.51.100.";

  /** The API server's address, outside of all nodes. */
  static final String SERVERS = SUBNET + "10";

  private final String prefix;
  private final Map<String, String> settings;
  private final Programs programs = Programs.ofBuild();
  private final List<RealNode> nodes = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private ControlPlane plane;

  /** Nothing is up yet; the prefix is that of names of network namespaces, and ends in a dash. */
  RealCluster(String prefix) {
    this(prefix, Map.of());
  }

  /** The same, with variables of up.bash and node.bash. */
  RealCluster(String prefix, Map<String, String> settings) {
    this.prefix = prefix;
    this.settings = Map.copyOf(settings);
  }

  /** All of it, up; agents serve when it returns. */
  static RealCluster up(String prefix, int count) {
    var made = new RealCluster(prefix);
    made.bringUp(count, plane -> {});
    return made;
  }

  /**
   * Brings all of it up; agents serve when it returns.
   *
   * @param planeReady hears that there is a control plane, and no node yet: images can be put into
   *     its folder
   */
  void bringUp(int count, Consumer<ControlPlane> planeReady) {
    try {
      network(count);
      var all = new HashMap<>(settings);
      all.put("K8S_BIND", SERVERS);
      all.put("K8S_TAINTS", "{key: node.sekisho.io/agent-not-ready, effect: NoSchedule}");
      all.put("SEKISHO_JAVA", programs.java().toString());
      plane = ControlPlane.up(all, Command.entering(prefix + 0));
      planeReady.accept(plane);
      for (String manifest :
          List.of("namespace.yaml", "rbac.yaml", "store-crds.yaml", "policy-crds.yaml")) {
        plane.apply(manifest);
      }
      plane.awaitResources();
      Path kubeconfig = plane.user("agent", "/O=sekisho:agents/CN=agent");
      for (int n = 1; n <= count; n++) {
        nodes.add(
            new RealNode(plane, programs, kubeconfig, prefix + n, "node-" + n, SUBNET + (10 + n)));
      }
      nodes.forEach(RealNode::join);
      nodes.forEach(RealNode::startAgent);
      nodes.forEach(RealNode::configureCni);
      plane.kubectl("wait", "--for", "condition=Ready", "--timeout", "120s", "node", "--all");
      // until then a DaemonSet wants no pod there
      Await.until(
          RealNode.PATIENCE,
          () -> "agents leave their taint: " + taints(),
          () -> !taints().contains("agent-not-ready"));
    } catch (RuntimeException | AssertionError e) {
      close();
      throw e;
    }
  }

  private String taints() {
    return plane.kubectl("get", "node", "-o", "jsonpath={.items[*].spec.taints}");
  }

  /** Gives the machine with the control plane the ways to the nodes' pods. */
  void routeToPods() {
    for (RealNode node : nodes) {
      String range = plane.kubectl("get", "node", node.name(), "-o", "jsonpath={.spec.podCIDR}");
      inside(0, "route", "replace", range, "via", node.address());
    }
  }

  /** Words that enter the network namespace of the control plane. */
  List<String> beside() {
    return Command.entering(prefix + 0);
  }

  private void network(int count) {
    for (int n = 0; n <= count; n++) {
      ip("netns", "add", prefix + n);
      inside(n, "link", "set", "lo", "up");
    }
    inside(0, "link", "add", "lan", "type", "bridge");
    inside(0, "addr", "add", SERVERS + "/24", "dev", "lan");
    inside(0, "link", "set", "lan", "up");
    for (int n = 1; n <= count; n++) {
      String port = "port" + n;
      inside(0, "link", "add", port, "type", "veth", "peer", "name", "uplink", "netns", prefix + n);
      inside(0, "link", "set", port, "master", "lan", "up");
      inside(n, "addr", "add", SUBNET + (10 + n) + "/24", "dev", "uplink");
      inside(n, "link", "set", "uplink", "up");
      inside(n, "route", "add", "default", "via", SERVERS);
    }
  }

  private static void ip(String... arguments) {
    var words = new ArrayList<>(List.of("ip"));
    words.addAll(List.of(arguments));
    new Command(words, "", Map.of()).run();
  }

  private void inside(int n, String... arguments) {
    var words = new ArrayList<>(List.of("-n", prefix + n));
    words.addAll(List.of(arguments));
    ip(words.toArray(String[]::new));
  }

  ControlPlane plane() {
    return plane;
  }

  RealNode node(int number) {
    return nodes.get(number - 1);
  }

  List<RealNode> nodes() {
    return nodes;
  }

  /** What is left of a cluster of this prefix: network namespaces and pins. */
  List<String> residue() {
    var left = new ArrayList<String>();
    for (String folder : List.of("/run/netns", "/sys/fs/bpf")) {
      for (String name : Objects.requireNonNullElse(new File(folder).list(), new String[0])) {
        if (name.startsWith(prefix)) {
          left.add(folder + "/" + name);
        }
      }
    }
    return left;
  }

  /** Ends everything, once; from another thread also while it comes up. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    nodes.stream().filter(RealNode::isConfigured).forEach(RealNode::uninstall);
    if (plane != null) {
      plane.close();
    }
    for (int n = 0; n <= 9; n++) {
      if (Files.exists(Path.of("/run/netns", prefix + n))) {
        ip("netns", "del", prefix + n);
      }
    }
  }
}
