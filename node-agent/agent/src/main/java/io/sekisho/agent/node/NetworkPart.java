package io.sekisho.agent.node;

import io.sekisho.agent.config.AgentConfig;
import io.sekisho.agent.datapath.Routing;
import io.sekisho.api.v1.Node;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.function.ToIntFunction;

/** Tells the node's labels, and how its pods reach others: routing, masquerade, underlay, MTU. */
public final class NetworkPart implements NodePart {
  /** Outer Ethernet 14, IPv4 20, UDP 8, VXLAN or Geneve 8 (RFC 7348, RFC 8926). */
  private static final int OVERHEAD_IPV4 = 50;

  /** With an outer IPv6 header of 40. */
  private static final int OVERHEAD_IPV6 = 70;

  private final AgentConfig config;
  private final List<InetAddress> underlay;
  private final ToIntFunction<String> mtu;

  /**
   * Tells of a node.
   *
   * @param underlay the node's underlay addresses
   * @param mtu MTU of a device by its name, bytes; 0 where unknown
   */
  public NetworkPart(AgentConfig config, List<InetAddress> underlay, ToIntFunction<String> mtu) {
    this.config = config;
    this.underlay = List.copyOf(underlay);
    this.mtu = mtu;
  }

  @Override
  public void addTo(Node.Builder node) {
    int device = mtu.applyAsInt(config.underlay().device());
    node.setRouting(config.routing().word())
        .addAllLabels(config.node().labels())
        .setMasquerade(config.masquerade().enabled())
        .setUnderlayDevice(config.underlay().device())
        .setUnderlayMtu(device)
        .setPodMtu(Math.max(0, device - overhead(config.routing())));
  }

  private int overhead(Routing routing) {
    if (!routing.isOverlay()) {
      return 0;
    }
    boolean ipv4 = underlay.stream().anyMatch(Inet4Address.class::isInstance);
    return ipv4 ? OVERHEAD_IPV4 : OVERHEAD_IPV6;
  }
}
