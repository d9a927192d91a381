package io.sekisho.agent.datapath;

import io.sekisho.agent.datapath.DatapathException.Code;
import io.sekisho.netlink.Link;
import io.sekisho.netlink.Links;
import io.sekisho.netlink.MacAddress;
import io.sekisho.netlink.Neighbours;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.NetlinkException;
import io.sekisho.netlink.NetworkNamespace;
import io.sekisho.netlink.Route;
import io.sekisho.netlink.Routes;
import io.sekisho.policy.Cidr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Interface pairs that another CNI plugin made (for example ptp) and that become endpoints: the
 * host end gets our programs, permanent neighbours and, where it is missing, the route to the pod.
 * The pod's side stays as it is, except that its MTU falls to what the overlay carries. A host end
 * below a bridge is refused: there pods speak to each other without a router.
 */
final class Adoption {
  private final Netlink netlink;
  private final EndpointDevices devices;

  /** Beside the pairs that we make. */
  Adoption(Netlink netlink, EndpointDevices devices) {
    this.netlink = netlink;
    this.devices = devices;
  }

  /**
   * The pair of a pod's interface; nothing is changed yet.
   *
   * @throws DatapathException with NOT_ADOPTABLE
   */
  WiredEndpoint find(Wiring wiring, String hostInterface, NetworkNamespace pod) {
    String name = wiring.interfaceName();
    Link inner =
        PodInterface.find(pod, name).orElseThrow(() -> refused(name + " is not in the pod"));
    Link host =
        netlink.list(Links.all()).stream()
            .filter(l -> l.index() == inner.peer() && l.peer() == inner.index())
            .filter(l -> l.kind().equals("veth") && inner.kind().equals("veth"))
            .findFirst()
            .orElseThrow(
                () -> refused(name + " of the pod is no veth with its other end on this node"));
    if (!hostInterface.isEmpty() && !hostInterface.equals(host.name())) {
      throw refused("the other end of " + name + " is " + host.name() + ", not " + hostInterface);
    }
    if (host.master() != 0) {
      throw refused(
          host.name() + " is below a bridge; chain behind a plugin that routes, such as ptp");
    }
    return new WiredEndpoint(
        wiring.endpointId(),
        host.name(),
        host.index(),
        mac(inner),
        mac(host),
        EndpointDevices.sorted(wiring.addresses()),
        Math.min(devices.defaultMtu(), host.mtu()));
  }

  private static String mac(Link link) {
    return link.mac()
        .map(MacAddress::toString)
        .orElseThrow(() -> refused(link.name() + " has no Ethernet address"));
  }

  private static DatapathException refused(String why) {
    return new DatapathException(Code.NOT_ADOPTABLE, "cannot take over the interface: " + why);
  }

  /** Gives both ends what the programs need. */
  void prepare(WiredEndpoint endpoint, Wiring wiring, NetworkNamespace pod) {
    int index = endpoint.hostIndex();
    Sysctl.setInterface("ipv4", endpoint.hostInterface(), "rp_filter", 0);
    neighbours(netlink, endpoint);
    routes(netlink, endpoint);
    int mtu = devices.defaultMtu();
    if (endpoint.mtu() == mtu) {
      netlink.run(Links.mtu(index, mtu));
      pod.run(
          () -> {
            try (var inside = Netlink.open()) {
              inside
                  .find(Links.named(wiring.interfaceName()))
                  .ifPresent(link -> inside.run(Links.mtu(link.index(), mtu)));
            }
          });
    }
  }

  /** Tells the host's stack the pod's Ethernet address for good. */
  static void neighbours(Netlink netlink, WiredEndpoint endpoint) {
    for (InetAddress address : endpoint.addresses()) {
      netlink.run(
          Neighbours.add(endpoint.hostIndex(), address, MacAddress.parse(endpoint.podMac())));
    }
  }

  /** Gives the host's stack routes to the pod, where it has none by the interface. */
  static void routes(Netlink netlink, WiredEndpoint endpoint) {
    int index = endpoint.hostIndex();
    var routes = netlink.list(Routes.all());
    for (InetAddress address : endpoint.addresses()) {
      int length = PodInterface.isIpv4(address) ? 32 : 128;
      if (routes.stream()
          .noneMatch(
              r ->
                  r.index() == index
                      && r.prefixLength() == length
                      && r.destination().equals(address))) {
        netlink.run(Routes.add(Route.direct(address, length, index)));
      }
    }
  }

  /** Takes back what {@link #prepare} told the host's stack, on any thread; routes stay. */
  static void release(Netlink netlink, WiredEndpoint endpoint) {
    for (InetAddress address : endpoint.addresses()) {
      try {
        netlink.run(Neighbours.delete(endpoint.hostIndex(), address));
      } catch (NetlinkException e) {
        if (e.code() != NetlinkException.Code.NOT_FOUND) {
          throw e;
        }
      }
    }
  }

  /** Adopted endpoints among those that the maps know: found again after a restart. */
  List<WiredEndpoint> found(Collection<EndpointEntry> known) {
    var endpoints = new ArrayList<WiredEndpoint>();
    for (Link link : netlink.list(Links.all())) {
      if (link.kind().equals("veth") && EndpointDevices.endpointId(link.name()).isEmpty()) {
        known.stream()
            .filter(entry -> entry.interfaceIndex() == link.index())
            .findFirst()
            .map(entry -> found(entry, link))
            .ifPresent(endpoints::add);
      }
    }
    return endpoints;
  }

  private static WiredEndpoint found(EndpointEntry entry, Link link) {
    var addresses = new ArrayList<InetAddress>();
    for (Cidr cidr : List.of(entry.ipv4(), entry.ipv6())) {
      address(cidr).ifPresent(addresses::add);
    }
    return new WiredEndpoint(
        entry.id(),
        link.name(),
        link.index(),
        entry.podMac().toString(),
        entry.hostMac().toString(),
        addresses,
        link.mtu());
  }

  private static Optional<InetAddress> address(Cidr cidr) {
    if (cidr.equals(EndpointEntry.NONE)) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByAddress(cidr.bytes()));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("16 bytes are always an address", e);
    }
  }
}
