package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.DesiredState.RemoteNode;
import java.util.Collection;

/**
 * How much of the underlay's MTU the overlay takes: as much as the outer headers of the family by
 * which nodes are met, IPv4 wherever both nodes have it. If one is met by IPv6, all pods have the
 * smaller MTU. Which it was stands beside the pins, so that a restarted agent does not begin with
 * the larger one and shrink it when it knows the nodes. Thread-safe.
 */
final class OverlayOverhead {
  /**
   * Inner Ethernet 14, outer IPv4 20, UDP 8, VXLAN 8 (RFC 7348) or Geneve without options 8 (RFC
   * 8926).
   */
  private static final int IPV4 = 50;

  /** With an outer IPv6 header of 40. */
  static final int IPV6 = 70;

  private static final String NOTE = "overlay_overhead";

  private final NodeConfig config;
  private final PinFolder pins;
  private boolean byIpv6;

  /** As an agent before left it, or as the node's own addresses say. */
  OverlayOverhead(NodeConfig config, PinFolder pins) {
    this.config = config;
    this.pins = pins;
    this.byIpv6 =
        pins.note(NOTE)
            .map(note -> note.equals(Integer.toString(IPV6)) && has(false))
            .orElse(false);
  }

  /** What a pod may send in one packet over an underlay with this MTU, bytes. */
  synchronized int podMtu(int underlayMtu) {
    if (!config.routing().isOverlay()) {
      return underlayMtu;
    }
    boolean onlyIpv6 = !config.underlayAddresses().isEmpty() && !has(true);
    return underlayMtu - (byIpv6 || onlyIpv6 ? IPV6 : IPV4);
  }

  /** These are the nodes now; whether that changes what a pod may send. */
  synchronized boolean meet(Collection<RemoteNode> nodes) {
    boolean now = config.routing().isOverlay() && nodes.stream().anyMatch(this::isMetByIpv6);
    if (now == byIpv6) {
      return false;
    }
    int before = podMtu(IPV6);
    byIpv6 = now;
    pins.note(NOTE, Integer.toString(now ? IPV6 : IPV4));
    return podMtu(IPV6) != before;
  }

  private boolean isMetByIpv6(RemoteNode node) {
    return PathMtus.ipv6End(config.underlayAddresses(), node).isPresent();
  }

  private boolean has(boolean ipv4) {
    return config.underlayAddresses().stream().anyMatch(a -> PodInterface.isIpv4(a) == ipv4);
  }
}
