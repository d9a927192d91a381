package io.sekisho.bench;

import io.sekisho.lab.Command;
import io.sekisho.lab.Ip;
import java.util.List;

/**
 * What we compare with: the same wires as in the lab, two nodes on a bridge and pods behind veth,
 * with the kernel's own routing; between the nodes its VXLAN device, or plain routes. No policy and
 * no conntrack, until {@link KernelPolicy} adds both. Networks of several names may be there at
 * once; their addresses are the same.
 */
final class KernelNetwork implements AutoCloseable {
  private static final String BARE = "skbk";

  private final String bridge;

  /** Nodes; the first two pods are on the first one. */
  private final List<String> nodes;

  /** Pods: two on the first node, one on the second. */
  private final List<String> pods;

  /** Bytes that VXLAN over IPv4 adds. */
  private static final int VXLAN_BYTES = 50;

  private static final int WIRE_MTU = 1500;

  private final boolean overlay;
  private final int mtu;

  /** The network of the usual name. */
  KernelNetwork(boolean overlay) {
    this(overlay, BARE);
  }

  /**
   * Makes it; removes what an earlier run may have left.
   *
   * @param name what the names of its namespaces begin with
   */
  KernelNetwork(boolean overlay, String name) {
    this.overlay = overlay;
    mtu = overlay ? WIRE_MTU - VXLAN_BYTES : WIRE_MTU;
    bridge = name + "-underlay";
    nodes = List.of(name + "-n1", name + "-n2");
    pods = List.of(name + "-a", name + "-b", name + "-c");
    close();
    Ip all = new Ip().add("netns add " + bridge);
    nodes.forEach(node -> all.add("netns add " + node));
    pods.forEach(pod -> all.add("netns add " + pod));
    all.run();
    new Ip()
        .add("link add name br0 type bridge stp_state 0 mcast_snooping 0")
        .add("link set br0 up")
        .runIn(bridge);
    for (int node = 1; node <= 2; node++) {
      joinNode(node);
    }
    joinPod(pods.get(0), 1, 1);
    joinPod(pods.get(1), 1, 2);
    joinPod(pods.get(2), 2, 1);
  }

  /** Namespace of a node: 0 has the first two pods, 1 the third. */
  String node(int number) {
    return nodes.get(number);
  }

  /** Namespace of a pod: 0 and 1 on the first node, 2 on the second. */
  String pod(int number) {
    return pods.get(number);
  }

  /** Address of a pod by its number; family 0 is IPv4, 1 is IPv6. */
  static String address(int pod, int family) {
    int node = pod < 2 ? 1 : 2;
    int host = pod < 2 ? pod + 1 : 1;
    return family == 0 ? "10.99." + node + "." + host : "fd99:" + node + "::" + host;
  }

  private void joinNode(int number) {
    String node = nodes.get(number - 1);
    int other = 3 - number;
    new Ip()
        .add("link add name n" + number + " type veth peer name eth0 netns " + node)
        .add("link set n" + number + " master br0 up")
        .runIn(bridge);
    Ip ip =
        new Ip()
            .add("link set lo up")
            .add("addr add 198.19.0." + number + "/24 dev eth0")
            .add("addr add fd19::" + number + "/64 dev eth0 nodad")
            .add("link set eth0 up");
    if (overlay) {
      ip.add(
              "link add name vx0 type vxlan id 9 dstport 8472 dev eth0 remote 198.19.0."
                  + other
                  + " local 198.19.0."
                  + number)
          .add("addr add 10.98.0." + number + "/24 dev vx0")
          .add("addr add fd98::" + number + "/64 dev vx0 nodad")
          .add("link set vx0 mtu " + mtu + " up")
          .add("route add 10.99." + other + ".0/24 via 10.98.0." + other)
          .add("route add fd99:" + other + "::/64 via fd98::" + other);
    } else {
      ip.add("route add 10.99." + other + ".0/24 via 198.19.0." + other)
          .add("route add fd99:" + other + "::/64 via fd19::" + other);
    }
    ip.runIn(node);
    Command.of("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
        .inside(node)
        .run();
  }

  private void joinPod(String pod, int node, int host) {
    String ipv4 = "10.99." + node + "." + host;
    String ipv6 = "fd99:" + node + "::" + host;
    new Ip()
        .add(
            "link add name p%d mtu %d type veth peer name eth0 mtu %d netns %s"
                .formatted(host, mtu, mtu, pod))
        .add("link set p" + host + " up")
        .add("addr add 169.254.1." + host + "/32 dev p" + host)
        .add("addr add fe80::1/64 dev p" + host + " nodad")
        .add("route add " + ipv4 + "/32 dev p" + host)
        .add("route add " + ipv6 + "/128 dev p" + host)
        .runIn(nodes.get(node - 1));
    new Ip()
        .add("link set lo up")
        .add("addr add " + ipv4 + "/32 dev eth0")
        .add("addr add " + ipv6 + "/128 dev eth0 nodad")
        .add("link set eth0 up")
        .add("route add 169.254.1." + host + "/32 dev eth0")
        .add("route add default via 169.254.1." + host)
        .add("route add default via fe80::1 dev eth0")
        .runIn(pod);
  }

  @Override
  public void close() {
    List.of(pods, nodes, List.of(bridge)).forEach(Ip::deleteNamespaces);
  }
}
