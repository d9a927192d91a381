package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.DatapathException.Code;
import io.sekisho.netlink.Addresses;
import io.sekisho.netlink.Link;
import io.sekisho.netlink.Links;
import io.sekisho.netlink.Netlink;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** The node's own devices: the underlay, which is there, and the overlay, which is made. */
final class NodeDevices {
  /** Name of the VXLAN device. */
  static final String OVERLAY = "sekisho_vxlan";

  /** Outer Ethernet 14, IPv4 20, UDP 8, VXLAN 8 (RFC 7348). */
  private static final int OVERHEAD_IPV4 = 50;

  /** With an outer IPv6 header of 40. */
  private static final int OVERHEAD_IPV6 = 70;

  private static final int ROUTER_MAY_LISTEN = 2;

  private final Netlink netlink;
  private final NodeConfig config;

  NodeDevices(Netlink netlink, NodeConfig config) {
    this.netlink = netlink;
    this.config = config;
  }

  /** The device to the outside. */
  Link underlay() {
    return netlink
        .find(Links.named(config.underlayDevice()))
        .orElseThrow(
            () ->
                new DatapathException(
                    Code.WIRING_FAILED, "no interface " + config.underlayDevice()));
  }

  /** The node's addresses that really are on the underlay, by family. */
  List<InetAddress> presentAddresses(Link underlay) {
    return netlink.list(Addresses.all()).stream()
        .filter(assigned -> assigned.index() == underlay.index())
        .map(Addresses.Assigned::address)
        .filter(config.underlayAddresses()::contains)
        .toList();
  }

  /** What a pod may send in one packet. */
  int podMtu(Link underlay) {
    boolean ipv4 =
        config.underlayAddresses().isEmpty()
            || config.underlayAddresses().stream().anyMatch(Inet4Address.class::isInstance);
    return underlay.mtu() - (ipv4 ? OVERHEAD_IPV4 : OVERHEAD_IPV6);
  }

  /** Makes the overlay device, or takes the one that is there if it fits. */
  Link overlay(int mtu) {
    Optional<Link> present = netlink.find(Links.named(OVERLAY));
    var wanted = new Link.Vxlan(config.overlayPort(), true);
    if (present.isPresent() && !present.get().vxlan().equals(Optional.of(wanted))) {
      netlink.run(Links.delete(present.get().index()));
      present = Optional.empty();
    }
    if (present.isEmpty()) {
      netlink.run(Links.addVxlan(OVERLAY, config.overlayPort(), mtu));
      present = netlink.find(Links.named(OVERLAY));
    }
    Link overlay =
        present.orElseThrow(
            () -> new DatapathException(Code.WIRING_FAILED, OVERLAY + " is gone at once"));
    netlink.run(Links.mtu(overlay.index(), mtu), Links.up(overlay.index()));
    Sysctl.setInterface("ipv4", OVERLAY, "rp_filter", 0);
    return overlay;
  }

  /** Deletes the overlay device, if it is there. */
  void deleteOverlay() {
    netlink.find(Links.named(OVERLAY)).ifPresent(link -> netlink.run(Links.delete(link.index())));
  }

  /** Makes the node a router for its pods. */
  void forward() {
    if (Sysctl.get("ipv6/conf/" + config.underlayDevice() + "/accept_ra").orElse(0) == 1) {
      // A router does not listen to other routers unless told so; the node's address may need it.
      Sysctl.setInterface("ipv6", config.underlayDevice(), "accept_ra", ROUTER_MAY_LISTEN);
    }
    Sysctl.set("ipv4/ip_forward", 1);
    Sysctl.set("ipv6/conf/all/forwarding", 1);
  }
}
