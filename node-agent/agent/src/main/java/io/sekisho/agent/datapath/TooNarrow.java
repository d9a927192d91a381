package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.Datapath.Repair;
import io.sekisho.agent.datapath.DesiredState.RemoteNode;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where the overlay carries less than pods' IPv6 packets need: no sender takes an MTU below 1280
 * (RFC 8200 section 5), and Linux' overlay devices cut no outer IPv6 packet. Nobody here can mend
 * that, so it is said for as long as it is so.
 */
final class TooNarrow {
  /** Of the way to a node that is met over IPv6, bytes. */
  private static final int NEEDED = NodeWays.IPV6_LEAST + OverlayOverhead.IPV6;

  private TooNarrow() {}

  /**
   * What is to be said of a node's ways; nothing where its pods have no IPv6 addresses.
   *
   * @param ways of the node, with what they carry
   * @param nodes that it meets, by name
   */
  static List<Repair> of(NodeWays ways, Map<String, RemoteNode> nodes) {
    var out = new ArrayList<Repair>();
    NodeConfig config = ways.config();
    if (!config.routing().isOverlay() || config.podCidrs().stream().allMatch(r -> r.isV4())) {
      return out;
    }
    if (ways.podMtu() < NodeWays.IPV6_LEAST) {
      int lacking = NodeWays.IPV6_LEAST - ways.podMtu();
      out.add(
          new Repair(
              "device " + config.underlayDevice(),
              "carries " + lacking + " bytes less than the overlay needs for IPv6",
              Optional.of(
                  "it leaves pods %d, and IPv6 works on no interface below %d"
                      .formatted(ways.podMtu(), NodeWays.IPV6_LEAST))));
    }
    new TreeMap<>(nodes).forEach((name, node) -> way(ways, name, node).ifPresent(out::add));
    return out;
  }

  private static Optional<Repair> way(NodeWays ways, String name, RemoteNode node) {
    Optional<InetAddress> end =
        node.gone()
            ? Optional.empty()
            : PathMtus.ipv6End(ways.config().underlayAddresses(), node)
                .filter(address -> ways.narrow().getOrDefault(address, NEEDED) < NEEDED);
    return end.map(
        address -> {
          int carried = ways.narrow().getOrDefault(address, NEEDED);
          return new Repair(
              "way to node " + name,
              "carries %d bytes to %s, and %d are needed"
                  .formatted(carried, address.getHostAddress(), NEEDED),
              Optional.of(
                  "pods' IPv6 packets of %d to %d bytes are dropped (157)"
                      .formatted(carried - OverlayOverhead.IPV6 + 1, NodeWays.IPV6_LEAST)));
        });
  }
}
