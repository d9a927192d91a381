package io.sekisho.console.tests;

import com.google.protobuf.Timestamp;
import io.sekisho.api.v1.FeaturePresence;
import io.sekisho.api.v1.KernelFeature;
import io.sekisho.api.v1.MapPressure;
import io.sekisho.api.v1.Node;
import io.sekisho.api.v1.NodeState;
import io.sekisho.api.v1.PeerProbe;
import io.sekisho.api.v1.Ping;
import io.sekisho.api.v1.Uplink;

/**
 * The nodes of {@link Shop}: n2 has a map that is nearly full, n3's endpoints answer nobody, and n3
 * says nothing of its kernel.
 */
final class ShopNodes {
  private static final int PINGS = 10;
  private static final int CAPACITY = 65_536;

  private ShopNodes() {}

  static Node node(int i) {
    boolean full = i == 2;
    Node.Builder node =
        Node.newBuilder()
            .setName("n" + i)
            .addAddresses("198.18.0." + i)
            .setGrpcAddress("198.18.0." + i + ":4244")
            .setVersion("0.1.0")
            .setKernel("6.12.0")
            .setState(full ? NodeState.DEGRADED : NodeState.READY)
            .setEndpoints(8)
            .setRealizedRevision(42)
            .setStore("etcd ok")
            .setFlowsSeen(120_000L * i)
            .setAgentRssBytes((180L + i) << 20)
            .setRouting("vxlan")
            .addPodCidrs("10.244." + i + ".0/24")
            .addPodCidrs("fd10:244:" + i + "::/64")
            .setMasquerade(true)
            .addHealthAddresses("10.244." + i + ".254");
    maps(node, full);
    if (i != 3) {
      node.setUnderlayDevice("eth0").setUnderlayMtu(1500).setPodMtu(1450);
      features(node);
    }
    if (i == 1) {
      uplinks(node);
    }
    for (int peer = 1; peer <= 3; peer++) {
      if (peer != i) {
        node.addProbes(probe(i, peer));
      }
    }
    return full ? node.setMessage("map conntrack_tcp is 82 % full").build() : node.build();
  }

  private static void maps(Node.Builder node, boolean full) {
    map(node, "policy", 3_100, 16_384);
    map(node, "conntrack_tcp", full ? 53_740 : 9_000, CAPACITY);
    map(node, "conntrack_any", 1_204, CAPACITY);
    map(node, "nat", 812, CAPACITY);
    map(node, "ipcache", 31, 512_000);
    map(node, "fragments", 0, 8_192);
  }

  private static void map(Node.Builder node, String name, long entries, long capacity) {
    node.addMaps(MapPressure.newBuilder().setName(name).setEntries(entries).setCapacity(capacity));
  }

  /** IPv4 leaves by a second device; IPv6 by one on which nothing can be masqueraded. */
  private static void uplinks(Node.Builder node) {
    node.addUplinks(
        Uplink.newBuilder()
            .setDevice("eth1")
            .setIpv4("198.19.0.1")
            .setIpv6("fd19::1")
            .setDefaultIpv4(true)
            .setMtu(1500));
    node.addUplinks(
        Uplink.newBuilder()
            .setDevice("tun7")
            .setDefaultIpv6(true)
            .setMtu(1400)
            .setProblem("is no Ethernet device, though the IPv6 default route leaves by it"));
  }

  private static void features(Node.Builder node) {
    feature(node, "tcx", FeaturePresence.PRESENT, "attaches programs with links", "6.6", "");
    feature(node, "redirect_peer", FeaturePresence.PRESENT, "delivers between pods", "5.10", "");
    feature(
        node,
        "netkit",
        FeaturePresence.MISSING,
        "pods without a pair of interfaces",
        "6.7",
        "veth pairs are used");
    feature(node, "geneve", FeaturePresence.FEATURE_PRESENCE_UNKNOWN, "the overlay", "3.18", "");
  }

  private static void feature(
      Node.Builder node,
      String name,
      FeaturePresence presence,
      String purpose,
      String since,
      String fallback) {
    node.addFeatures(
        KernelFeature.newBuilder()
            .setName(name)
            .setPresence(presence)
            .setPurpose(purpose)
            .setSince(since)
            .setFallback(fallback));
  }

  /** Nothing passes between n3's health endpoint and the others; node to node all is well. */
  private static PeerProbe probe(int from, int to) {
    boolean silent = from == 3 || to == 3;
    return PeerProbe.newBuilder()
        .setNode("n" + to)
        .setUnderlay(ping(PINGS, 180_000 + 20_000L * (from + to)))
        .setEndpoint(silent ? ping(0, 0) : ping(PINGS, 310_000 + 30_000L * (from + to)))
        .build();
  }

  private static Ping ping(int answered, long rtt) {
    Ping.Builder ping = Ping.newBuilder().setSent(PINGS).setAnswered(answered);
    if (answered > 0) {
      ping.setRttNs(rtt)
          .setLastAnswer(
              Timestamp.newBuilder().setSeconds(System.currentTimeMillis() / 1000).build());
    }
    return ping.build();
  }
}
