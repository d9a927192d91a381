package io.sekisho.bench;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.sekisho.lab.Command;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * What operators add to the kernel's forwarding to have what we do: conntrack, masquerading of what
 * leaves the range of pods, and the policy of {@link PathBenchmark} in both directions and families
 * on each node, by rules of nftables in the hook of what is forwarded. Peers are sets, what is
 * established passes first, and outer packets are left out of conntrack: of the ways to write it
 * down the one that costs the least.
 */
final class KernelPolicy {
  /** What rules saw. */
  enum Counter {
    /** Packets of connections that conntrack knows. */
    ESTABLISHED,
    /** First packets that a pod of the node may send. */
    EGRESS,
    /** First packets that a pod of the node may receive. */
    INGRESS,
    /** Packets that no rule allows. */
    DROPPED,
    /** First packets that get the node's address. */
    MASQUERADED
  }

  private static final String TABLE =
      """
      add table inet bench
      delete table inet bench
      table inet bench {
        counter ESTABLISHED { }
        counter EGRESS { }
        counter INGRESS { }
        counter DROPPED { }
        counter MASQUERADED { }
        set clients4 { type ipv4_addr; elements = { %1$s } }
        set clients6 { type ipv6_addr; elements = { %2$s } }
        set servers4 { type ipv4_addr; elements = { %3$s, %4$s } }
        set servers6 { type ipv6_addr; elements = { %5$s, %6$s } }
        set ports {
          type inet_proto . inet_service
          elements = { tcp . 7, udp . 7, sctp . 7, tcp . 8 }
        }
        chain egress {
          ip daddr @servers4 meta l4proto . th dport @ports counter name EGRESS return
          ip6 daddr @servers6 meta l4proto . th dport @ports counter name EGRESS return
          counter name DROPPED drop
        }
        chain ingress {
          ip saddr @clients4 meta l4proto . th dport @ports counter name INGRESS return
          ip6 saddr @clients6 meta l4proto . th dport @ports counter name INGRESS return
          counter name DROPPED drop
        }
        chain forward {
          type filter hook forward priority filter; policy accept;
          ct state established,related counter name ESTABLISHED accept
          iifname "p*" jump egress
          oifname "p*" jump ingress
        }
        chain postrouting {
          type nat hook postrouting priority srcnat; policy accept;
          ip saddr 10.99.0.0/16 ip daddr != 10.99.0.0/16 counter name MASQUERADED masquerade
          ip6 saddr fd99::/16 ip6 daddr != fd99::/16 counter name MASQUERADED masquerade
        }
      """;

  /** As Calico does: the outer packets of the overlay need no connection. */
  private static final String UNTRACKED =
      """
        chain received {
          type filter hook prerouting priority raw; policy accept;
          udp dport 8472 notrack
        }
        chain sent {
          type filter hook output priority raw; policy accept;
          udp dport 8472 notrack
        }
      """;

  private final KernelNetwork network;
  private final boolean overlay;

  /** For a network; nothing is in force yet. */
  KernelPolicy(KernelNetwork network, boolean overlay) {
    this.network = network;
    this.overlay = overlay;
  }

  /** Puts it in force on both nodes, anew; to count costs a little. */
  void install(boolean counting) {
    String table =
        TABLE.formatted(
            KernelNetwork.address(0, 0),
            KernelNetwork.address(0, 1),
            KernelNetwork.address(1, 0),
            KernelNetwork.address(2, 0),
            KernelNetwork.address(1, 1),
            KernelNetwork.address(2, 1));
    String text = table + (overlay ? UNTRACKED : "") + "}\n";
    String script = counting ? text : text.replaceAll("counter name [A-Z]+ ", "");
    for (int node = 0; node < 2; node++) {
      Command.of("nft", "-f", "-").withInput(script).inside(network.node(node)).run();
    }
  }

  /** Packets that the rules of a node have counted. */
  Map<Counter, Long> packets(int node) {
    String json =
        Command.of("nft", "-j", "list", "counters").inside(network.node(node)).run().output();
    Map<Counter, Long> packets = new HashMap<>();
    for (JsonElement one :
        JsonParser.parseString(json).getAsJsonObject().getAsJsonArray("nftables")) {
      if (one.getAsJsonObject().get("counter") instanceof JsonElement counter) {
        packets.put(
            Counter.valueOf(counter.getAsJsonObject().get("name").getAsString()),
            counter.getAsJsonObject().get("packets").getAsLong());
      }
    }
    return packets;
  }

  private void remove() {
    for (int node = 0; node < 2; node++) {
      Command.of("nft", "delete", "table", "inet", "bench").inside(network.node(node)).run();
    }
  }

  /**
   * In force as long as it is measured, without counters: while there are rules anywhere, packets
   * of everybody on the machine pay for looking where.
   */
  double during(DoubleSupplier measured) {
    install(false);
    try {
      return measured.getAsDouble();
    } finally {
      remove();
    }
  }

  /**
   * Tries with counters that the rules see what will be measured.
   *
   * @throws IllegalStateException if a rule sees nothing, or lets through what it should not
   */
  void check() {
    install(true);
    for (int family = 0; family < 2; family++) {
      for (int server = 1; server <= 2; server++) {
        String to = KernelNetwork.address(server, family);
        Exchange.await(Exchange.Kind.CRR, network.pod(0), to);
        if (Exchange.pings(network.pod(0), to)) {
          throw new IllegalStateException("a ping to " + to + " passes the kernel's policy");
        }
      }
    }
    saw(0, List.of(Counter.ESTABLISHED, Counter.EGRESS, Counter.INGRESS, Counter.DROPPED));
    saw(1, List.of(Counter.ESTABLISHED, Counter.INGRESS));
    remove();
  }

  private void saw(int node, List<Counter> wanted) {
    Map<Counter, Long> packets = packets(node);
    if (!wanted.stream().allMatch(counter -> packets.getOrDefault(counter, 0L) > 0)) {
      throw new IllegalStateException(
          "rules of " + network.node(node) + " saw no packets: " + packets);
    }
  }
}
