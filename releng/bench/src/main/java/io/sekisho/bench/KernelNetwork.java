package io.sekisho.bench;

import io.sekisho.lab.Command;
import io.sekisho.lab.Ip;
import io.sekisho.lab.LabNames;
import java.nio.file.Files;
import java.util.List;

/**
 * What we compare with: the same wires as in the lab, two nodes on a bridge and pods behind veth,
 * with the kernel's own routing, and its VXLAN device between the nodes. No policy, no conntrack.
 */
final class KernelNetwork implements AutoCloseable {
  private static final String BRIDGE = "skbk-underlay";
  private static final List<String> NODES = List.of("skbk-n1", "skbk-n2");

  /** Pods: two on the first node, one on the second. */
  static final List<String> PODS = List.of("skbk-a", "skbk-b", "skbk-c");

  private static final int POD_MTU = 1450;

  /** Makes it; removes what an earlier run may have left. */
  KernelNetwork() {
    close();
    Ip all = new Ip().add("netns add " + BRIDGE);
    NODES.forEach(node -> all.add("netns add " + node));
    PODS.forEach(pod -> all.add("netns add " + pod));
    all.run();
    new Ip()
        .add("link add name br0 type bridge stp_state 0 mcast_snooping 0")
        .add("link set br0 up")
        .runIn(BRIDGE);
    for (int node = 1; node <= 2; node++) {
      joinNode(node);
    }
    joinPod("skbk-a", 1, 1);
    joinPod("skbk-b", 1, 2);
    joinPod("skbk-c", 2, 1);
  }

  /** Address of a pod by its place in {@link #PODS}. */
  static String address(int pod) {
    return pod < 2 ? "10.99.1." + (pod + 1) : "10.99.2.1";
  }

  private static void joinNode(int number) {
    String node = NODES.get(number - 1);
    int other = 3 - number;
    new Ip()
        .add("link add name n" + number + " type veth peer name eth0 netns " + node)
        .add("link set n" + number + " master br0 up")
        .runIn(BRIDGE);
    new Ip()
        .add("link set lo up")
        .add("addr add 198.19.0." + number + "/24 dev eth0")
        .add("link set eth0 up")
        .add(
            "link add name vx0 type vxlan id 9 dstport 8472 dev eth0 remote 198.19.0."
                + other
                + " local 198.19.0."
                + number)
        .add("addr add 10.98.0." + number + "/24 dev vx0")
        .add("link set vx0 mtu " + POD_MTU + " up")
        .add("route add 10.99." + other + ".0/24 via 10.98.0." + other)
        .runIn(node);
    Command.of("sysctl", "-qw", "net.ipv4.ip_forward=1").inside(node).run();
  }

  private static void joinPod(String pod, int node, int host) {
    String address = "10.99." + node + "." + host;
    new Ip()
        .add(
            "link add name p%d mtu %d type veth peer name eth0 mtu %d netns %s"
                .formatted(host, POD_MTU, POD_MTU, pod))
        .add("link set p" + host + " up")
        .add("addr add 169.254.1." + host + "/32 dev p" + host)
        .add("route add " + address + "/32 dev p" + host)
        .runIn(NODES.get(node - 1));
    new Ip()
        .add("link set lo up")
        .add("addr add " + address + "/32 dev eth0")
        .add("link set eth0 up")
        .add("route add 169.254.1." + host + "/32 dev eth0")
        .add("route add default via 169.254.1." + host)
        .runIn(pod);
  }

  @Override
  public void close() {
    Ip ip = new Ip();
    int count = 0;
    for (List<String> names : List.of(PODS, NODES, List.of(BRIDGE))) {
      for (String name : names) {
        if (Files.exists(LabNames.file(name))) {
          ip.add("netns del " + name);
          count++;
        }
      }
    }
    if (count > 0) {
      ip.run();
    }
  }
}
