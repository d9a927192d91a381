package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.DatapathException.Code;
import io.sekisho.netlink.Addresses;
import io.sekisho.netlink.Link;
import io.sekisho.netlink.Links;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.NetlinkException;
import io.sekisho.netlink.Request;
import io.sekisho.netlink.Routes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The node's own devices: the underlay, which is there, and the overlay, which is made. */
final class NodeDevices {
  /** What the names of overlay devices begin with; the kind follows. */
  private static final String PREFIX = "sekisho_";

  private static final List<Routing> OVERLAYS = List.of(Routing.VXLAN, Routing.GENEVE);

  private static final int ROUTER_MAY_LISTEN = 2;

  private final Netlink netlink;
  private final NodeConfig config;

  NodeDevices(Netlink netlink, NodeConfig config) {
    this.netlink = netlink;
    this.config = config;
  }

  /** Name of the device of an overlay, for example {@code sekisho_vxlan}. */
  static String name(Routing overlay) {
    return PREFIX + overlay.word();
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

  /** The node's addresses that really are on the underlay, with the networks on its link. */
  List<Addresses.Assigned> presentAddresses(Link underlay) {
    return netlink.list(Addresses.all()).stream()
        .filter(assigned -> assigned.index() == underlay.index())
        .filter(assigned -> config.underlayAddresses().contains(assigned.address()))
        .toList();
  }

  /**
   * Makes the overlay device, or takes the one that is there if it fits; empty with native routing.
   *
   * @throws DatapathException UNSUPPORTED_FEATURE if the kernel does not know its kind
   */
  Optional<Link> overlay(int mtu) {
    if (!config.routing().isOverlay()) {
      return Optional.empty();
    }
    String name = name(config.routing());
    Optional<Link> present = netlink.find(Links.named(name));
    if (present.isPresent() && !fits(present.get())) {
      netlink.run(Links.delete(present.get().index()));
      present = Optional.empty();
    }
    if (present.isEmpty()) {
      make(name, mtu);
      present = netlink.find(Links.named(name));
    }
    Link overlay =
        present.orElseThrow(
            () -> new DatapathException(Code.WIRING_FAILED, name + " is gone at once"));
    netlink.run(Links.mtu(overlay.index(), mtu), Links.upWithoutArp(overlay.index()));
    Sysctl.setInterface("ipv4", name, "rp_filter", 0);
    return Optional.of(overlay);
  }

  private boolean fits(Link device) {
    return device.kind().equals(config.routing().word())
        && device.tunnel().equals(Optional.of(new Link.Tunnel(config.overlay().port(), true)));
  }

  private void make(String name, int mtu) {
    // Two devices cannot listen on one port.
    for (Link other : others()) {
      if (other.tunnel().map(Link.Tunnel::port).equals(Optional.of(config.overlay().port()))) {
        netlink.run(Links.delete(other.index()));
      }
    }
    boolean geneve = config.routing() == Routing.GENEVE;
    Request add =
        geneve
            ? Links.addGeneve(name, config.overlay().port(), mtu)
            : Links.addVxlan(name, config.overlay().port(), mtu);
    try {
      netlink.run(add);
    } catch (NetlinkException e) {
      if (e.code() == NetlinkException.Code.UNSUPPORTED_FEATURE) {
        throw new DatapathException(Code.UNSUPPORTED_FEATURE, geneve ? NO_GENEVE : NO_VXLAN, e);
      }
      throw e;
    }
  }

  private static final String NO_GENEVE =
      "the kernel has no Geneve: it needs Linux 3.18 with CONFIG_GENEVE; 'routing: vxlan' is the"
          + " alternative";

  private static final String NO_VXLAN =
      "the kernel has no VXLAN: it needs Linux 3.7 with CONFIG_VXLAN; 'routing: native' is the"
          + " alternative";

  /** Overlay devices of kinds that are not configured: of an agent before. */
  private List<Link> others() {
    return OVERLAYS.stream()
        .filter(kind -> kind != config.routing())
        .flatMap(kind -> netlink.find(Links.named(name(kind))).stream())
        .toList();
  }

  /** Deletes the overlay devices that an agent with another routing made. */
  void deleteOthers() {
    others().forEach(link -> netlink.run(Links.delete(link.index())));
  }

  /** Deletes the overlay device, if it is there, of whatever kind. */
  static void deleteAll(Netlink netlink) {
    for (Routing kind : OVERLAYS) {
      netlink
          .find(Links.named(name(kind)))
          .ifPresent(link -> netlink.run(Links.delete(link.index())));
    }
  }

  private static final List<String> FORWARDING =
      List.of("ipv4/ip_forward", "ipv6/conf/all/forwarding");

  /** The settings of {@link #forward} that are off, though the kernel has them. */
  List<String> notForwarding() {
    return FORWARDING.stream()
        .filter(setting -> Sysctl.get(setting).filter(value -> value != 1).isPresent())
        .map(setting -> "net." + setting.replace('/', '.'))
        .toList();
  }

  /** A router does not listen to other routers unless told so; addresses and routes may need it. */
  private static void listen(String device) {
    if (Sysctl.get("ipv6/conf/" + device + "/accept_ra").orElse(0) == 1) {
      Sysctl.setInterface("ipv6", device, "accept_ra", ROUTER_MAY_LISTEN);
    }
  }

  /** Names of the devices by which pods' packets leave beside the underlay. */
  private List<String> uplinks(Masquerade masquerade) {
    return masquerade
        .devices()
        .orElseGet(
            () -> {
              Set<Integer> exits =
                  netlink.list(Routes.defaults()).stream()
                      .flatMap(route -> route.devices().stream())
                      .collect(Collectors.toSet());
              return netlink.list(Links.all()).stream()
                  .filter(link -> exits.contains(link.index()))
                  .map(Link::name)
                  .toList();
            });
  }

  /** Makes the node a router for its pods. */
  void forward() {
    listen(config.underlayDevice());
    config.masquerade().ifPresent(masquerade -> uplinks(masquerade).forEach(NodeDevices::listen));
    FORWARDING.forEach(setting -> Sysctl.set(setting, 1));
  }
}
