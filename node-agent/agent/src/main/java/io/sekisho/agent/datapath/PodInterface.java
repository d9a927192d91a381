package io.sekisho.agent.datapath;

import io.sekisho.netlink.Addresses;
import io.sekisho.netlink.Link;
import io.sekisho.netlink.Links;
import io.sekisho.netlink.MacAddress;
import io.sekisho.netlink.Neighbours;
import io.sekisho.netlink.Netlink;
import io.sekisho.netlink.NetworkNamespace;
import io.sekisho.netlink.Request;
import io.sekisho.netlink.Route;
import io.sekisho.netlink.Routes;
import io.sekisho.policy.Cidr;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * The pod's end of an interface pair, as the pod sees it: its addresses alone on the link, and a
 * gateway whose Ethernet address it is told. Nothing need be asked on the link (no router
 * advertisements, no duplicate address detection; ARP and neighbour discovery only by a pod that
 * has forgotten its neighbours, which the host's end answers). Of several interfaces the first one
 * has the default route, see {@link SecondInterface} for the others.
 */
final class PodInterface {
  private static final InetAddress GATEWAY_IPV4 = InetAddress.ofLiteral("169.254.1.1");
  private static final InetAddress GATEWAY_IPV6 = InetAddress.ofLiteral("fe80::1");

  /** What pods take for their routers. */
  static final List<InetAddress> GATEWAYS = List.of(GATEWAY_IPV4, GATEWAY_IPV6);

  private PodInterface() {}

  /** Gives the interface its addresses, neighbours and routes; it is up afterwards. */
  static void configure(
      NetworkNamespace pod, String name, List<InetAddress> addresses, MacAddress gateway) {
    pod.run(
        () -> {
          try (var netlink = Netlink.open()) {
            Link link =
                netlink
                    .find(Links.named(name))
                    .orElseThrow(
                        () ->
                            new DatapathException(
                                DatapathException.Code.WIRING_FAILED, "the pod has no " + name));
            sysctls(name, addresses);
            var present = netlink.list(Routes.all());
            var requests = requests(link.index(), addresses, gateway);
            var later = new ArrayList<InetAddress>();
            for (InetAddress address : addresses) {
              if (isFirst(present, address, link.index())) {
                requests.add(Routes.add(Route.defaultOnLink(gateway(address), link.index())));
              } else {
                later.add(address);
              }
            }
            netlink.run(requests);
            for (InetAddress address : later) {
              Route usual = Route.defaultOnLink(gateway(address), link.index());
              SecondInterface.route(netlink, usual, address);
            }
          }
        });
  }

  private static void sysctls(String name, List<InetAddress> addresses) {
    if (addresses.stream().anyMatch(a -> !isIpv4(a))) {
      Sysctl.setInterface("ipv6", name, "disable_ipv6", 0);
    }
    Sysctl.setInterface("ipv6", name, "accept_ra", 0);
    Sysctl.setInterface("ipv6", name, "accept_dad", 0);
    Sysctl.setInterface("ipv6", name, "router_solicitations", 0);
  }

  private static List<Request> requests(
      int index, List<InetAddress> addresses, MacAddress gatewayMac) {
    var requests = new ArrayList<Request>();
    requests.add(Links.up(index));
    for (InetAddress address : addresses) {
      requests.add(Addresses.add(index, address, isIpv4(address) ? 32 : 128));
      requests.add(Neighbours.add(index, gateway(address), gatewayMac));
    }
    return requests;
  }

  /** Whether no other interface has the default route of the address's family. */
  private static boolean isFirst(List<Route> present, InetAddress address, int index) {
    return present.stream()
        .noneMatch(
            r ->
                r.type() == Route.Type.UNICAST
                    && r.table() == Route.MAIN
                    && r.prefixLength() == 0
                    && r.index() != index
                    && isIpv4(r.destination()) == isIpv4(address));
  }

  /** What a pod with this address takes for its router. */
  static InetAddress gateway(InetAddress address) {
    return isIpv4(address) ? GATEWAY_IPV4 : GATEWAY_IPV6;
  }

  /** The interface of this name, if the pod has it. */
  static Optional<Link> find(NetworkNamespace pod, String name) {
    return pod.call(
        () -> {
          try (var netlink = Netlink.open()) {
            return netlink.find(Links.named(name));
          }
        });
  }

  /** What is there of an interface; empty if there is none of the name. */
  static Optional<PodState> inspect(Path namespace, String name) {
    try (var pod = NetworkNamespace.open(namespace)) {
      return pod.call(
          () -> {
            try (var netlink = Netlink.open()) {
              return netlink.find(Links.named(name)).map(link -> state(netlink, link));
            }
          });
    }
  }

  private static PodState state(Netlink netlink, Link link) {
    var routes = new HashSet<PodState.Way>();
    for (Route route : netlink.list(Routes.all())) {
      if (route.index() == link.index()) {
        int length = isIpv4(route.destination()) ? 96 : 0;
        Cidr destination = Cidr.of(bytes(route.destination()), length + route.prefixLength());
        routes.add(new PodState.Way(destination, route.gateway()));
      }
    }
    return new PodState(
        link.mac().map(MacAddress::toString).orElse(""),
        link.up(),
        netlink.list(Addresses.all()).stream()
            .filter(a -> a.index() == link.index() && !a.address().isLinkLocalAddress())
            .map(Addresses.Assigned::address)
            .toList(),
        routes);
  }

  private static byte[] bytes(InetAddress address) {
    return Cidr.of(address).bytes();
  }

  static boolean isIpv4(InetAddress address) {
    return address instanceof Inet4Address;
  }
}
