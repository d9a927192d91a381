package io.sekisho.lab.kubernetes;

import io.sekisho.lab.Command;
import io.sekisho.lab.Programs;
import io.sekisho.testkit.kubernetes.ControlPlane;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A real control plane and two real nodes in network namespaces on one bridge, with our agents and
 * CNI plugin. {@link #close} leaves nothing.
 */
final class RealCluster implements AutoCloseable {
  /** Out of 198.51.100.0/24, set apart for examples by RFC 5737. */
  private static final String SUBNET = "198.51.100.";

  private static final String PREFIX = "sk8s-";

  /** The API server's address, outside of all nodes. */
  static final String SERVERS = SUBNET + "10";

  private final Programs programs = Programs.ofBuild();
  private final List<RealNode> nodes = new ArrayList<>();
  private ControlPlane plane;

  /** Brings all of it up; agents serve when it returns. */
  RealCluster(int count) {
    try {
      network(count);
      plane =
          ControlPlane.up(
              Map.of(
                  "K8S_BIND",
                  SERVERS,
                  "K8S_TAINTS",
                  "{key: node.sekisho.io/agent-not-ready, effect: NoSchedule}",
                  "SEKISHO_JAVA",
                  programs.java().toString()),
              Command.entering(PREFIX + 0));
      for (String manifest :
          List.of("namespace.yaml", "rbac.yaml", "store-crds.yaml", "policy-crds.yaml")) {
        plane.apply(manifest);
      }
      plane.awaitResources();
      Path kubeconfig = plane.user("agent", "/O=sekisho:agents/CN=agent");
      for (int n = 1; n <= count; n++) {
        nodes.add(
            new RealNode(plane, programs, kubeconfig, PREFIX + n, "node-" + n, SUBNET + (10 + n)));
      }
      nodes.forEach(RealNode::join);
      nodes.forEach(RealNode::startAgent);
      nodes.forEach(RealNode::configureCni);
    } catch (RuntimeException | AssertionError e) {
      close();
      throw e;
    }
  }

  private static void network(int count) {
    for (int n = 0; n <= count; n++) {
      ip("netns", "add", PREFIX + n);
      inside(n, "link", "set", "lo", "up");
    }
    inside(0, "link", "add", "lan", "type", "bridge");
    inside(0, "addr", "add", SERVERS + "/24", "dev", "lan");
    inside(0, "link", "set", "lan", "up");
    for (int n = 1; n <= count; n++) {
      String port = "port" + n;
      inside(0, "link", "add", port, "type", "veth", "peer", "name", "uplink", "netns", PREFIX + n);
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

  private static void inside(int n, String... arguments) {
    var words = new ArrayList<>(List.of("-n", PREFIX + n));
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

  /** What is left of any such cluster: network namespaces and pins. */
  static List<String> residue() {
    var left = new ArrayList<String>();
    for (String folder : List.of("/run/netns", "/sys/fs/bpf")) {
      for (String name : Objects.requireNonNullElse(new File(folder).list(), new String[0])) {
        if (name.startsWith(PREFIX)) {
          left.add(folder + "/" + name);
        }
      }
    }
    return left;
  }

  @Override
  public void close() {
    nodes.stream().filter(RealNode::isConfigured).forEach(RealNode::uninstall);
    if (plane != null) {
      plane.close();
    }
    for (int n = 0; n <= 9; n++) {
      if (Files.exists(Path.of("/run/netns", PREFIX + n))) {
        ip("netns", "del", PREFIX + n);
      }
    }
  }
}
