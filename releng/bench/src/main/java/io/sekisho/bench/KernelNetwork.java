package io.sekisho.bench;

import io.sekisho.lab.Command;
import io.sekisho.lab.Ip;
import java.util.List;

/**
 * What we compare with: the same wires as in the lab, two nodes on a bridge and pods behind veth,
 * with the kernel's own routing; between the nodes its VXLAN device, or plain routes. No policy, no
 * conntrack.
 */
final class KernelNetwork implements AutoCloseable {
  private static final String BRIDGE = "skbk-underlay";

  /** Nodes; the first two pods are on the first one. */
  static final List<String> NODES = List.of("skbk-n1", "skbk-n2");

  /** Pods: two on the first node, one on the second. */
  static final List<String> PODS = List.of("skbk-a", "skbk-b", "skbk-c");

  /** Bytes that VXLAN over IPv4 adds. */
  private static final int VXLAN_BYTES = 50;

  private static final int WIRE_MTU = 1500;

  private final boolean overlay;
  private final int mtu;

  /** Makes it; removes what an earlier run may have left. */
  KernelNetwork(boolean overlay) {
    this.overlay = overlay;
    mtu = overlay ? WIRE_MTU - VXLAN_BYTES : WIRE_MTU;
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

  /** Address of a pod by its place in {@link #PODS}; family 0 is IPv4, 1 is IPv6. */
  static String address(int pod, int family) {
    int node = pod < 2 ? 1 : 2;
    int host = pod < 2 ? pod + 1 : 1;
    return family == 0 ? "10.99." + node + "." + host : "fd99:" + node + "::" + host;
  }

  private void joinNode(int number) {
    String node = NODES.get(number - 1);
    int other = 3 - number;
    new Ip()
        .add("link add name n" + number + " type veth peer name eth0 netns " + node)
        .add("link set n" + number + " master br0 up")
        .runIn(BRIDGE);
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
        .runIn(NODES.get(node - 1));
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
    List.of(PODS, NODES, List.of(BRIDGE)).forEach(Ip::deleteNamespaces);
  }
}
